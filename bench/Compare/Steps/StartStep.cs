using Slowlane.Compare.Checks;
using Slowlane.Compare.Processes;

namespace Slowlane.Compare.Steps;

internal static class StartStep
{
    private const double Mebibyte = 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        await scene.Cast.StopServersAsync();
        var reading = new Reading();
        var start = TimeProvider.System.GetUtcNow();
        await scene.Cast.LaunchAsync(cancellationToken);
        var first = await FirstAcceptedAsync(scene, cancellationToken);
        reading.Figures["start.accepted"] = (TimeProvider.System.GetUtcNow() - start).TotalSeconds;
        await scene.WrittenAsync(first, Scene.Undisturbed, cancellationToken);
        reading.Figures["start.written"] = await scene.SecondsToLastWriteAsync(first, start, cancellationToken);
        reading.Batches.Add(first);

        await Task.Delay(scene.Size.Idle, cancellationToken);
        var memory = scene.Cast.Processes().Select(entry => ProcessTree.Memory([entry]) / Mebibyte).ToList();
        reading.Figures["start.largest"] = memory.Max();
        reading.Figures["start.memory"] = memory.Sum();
        return reading;
    }

    /// <summary>The first job that was answered with 202. None before it was accepted, so none is counted.</summary>
    public static async Task<Batch> FirstAcceptedAsync(Scene scene, CancellationToken cancellationToken)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Patience;)
        {
            var job = Batch.Burst(scene.Variant.JobPath, 1, TimeSpan.Zero);
            await scene.DriveAsync(cancellationToken, job.Flow);
            if (job.Flow.Accepted.Count == 1)
            {
                return job;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new InvalidOperationException($"{scene.Variant.Name} accepted no job within {Patience.TotalSeconds} s of its start.");
    }
}
