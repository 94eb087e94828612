namespace Slowlane.Compare.Steps;

internal static class WorkerStep
{
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var jobs = scene.LongJobs();
        var driving = scene.DriveAsync(cancellationToken, jobs.Flow);
        await Task.Delay(scene.Ideal / 2, cancellationToken);
        scene.Cast.KillWorker();
        var killed = TimeProvider.System.GetUtcNow();
        await driving;
        var written = await scene.WrittenAsync(jobs, scene.Size.Settles(scene.Variant), cancellationToken);
        var reading = new Reading { Fault = killed, Batches = { jobs }, Figures = { ["worker.written"] = written } };
        if (written == jobs.Jobs)
        {
            reading.Figures["worker.seconds"] = await scene.SecondsToLastWriteAsync(jobs, killed, cancellationToken);
        }

        return reading;
    }
}
