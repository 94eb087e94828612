namespace Slowlane.Compare.Steps;

internal static class KillStep
{
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var jobs = scene.LongJobs();
        var driving = scene.DriveAsync(cancellationToken, jobs.Flow);
        await Task.Delay(scene.Ideal / 2, cancellationToken);
        await scene.Cast.KillAsync();
        var killed = TimeProvider.System.GetUtcNow();
        await driving;
        await scene.Cast.StartServersAsync(cancellationToken);
        var written = await scene.WrittenAsync(jobs, scene.Size.Settles(scene.Variant), cancellationToken);
        var reading = new Reading { Fault = killed, SweeperKilled = true, Batches = { jobs }, Figures = { ["kill.written"] = written } };
        if (written == jobs.Jobs)
        {
            reading.Figures["kill.seconds"] = await scene.SecondsToLastWriteAsync(jobs, killed, cancellationToken);
        }

        return reading;
    }
}
