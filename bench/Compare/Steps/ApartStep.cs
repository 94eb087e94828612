namespace Slowlane.Compare.Steps;

internal static class ApartStep
{
    /// <remarks>The job waits before the worker's program is started. Its row comes after its claim: what is read here is no less than the time to that.</remarks>
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        await scene.Cast.StopServersAsync();
        var reading = new Reading();
        var (front, worker) = scene.Variant.Apart!.Value;
        var start = TimeProvider.System.GetUtcNow();
        await scene.Cast.LaunchAsync(front, cancellationToken);
        var job = await StartStep.FirstAcceptedAsync(scene, cancellationToken);
        reading.Figures["apart.accepted"] = (TimeProvider.System.GetUtcNow() - start).TotalSeconds;
        reading.Batches.Add(job);

        start = TimeProvider.System.GetUtcNow();
        await scene.Cast.LaunchMoreAsync(worker, cancellationToken);
        await scene.WrittenAsync(job, Scene.Undisturbed, cancellationToken);
        reading.Figures["apart.written"] = await scene.SecondsToLastWriteAsync(job, start, cancellationToken);
        return reading;
    }
}
