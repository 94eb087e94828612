namespace Slowlane.Compare.Steps;

internal static class MakespanStep
{
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var jobs = scene.LongJobs();
        var start = TimeProvider.System.GetUtcNow();
        await scene.DriveAsync(cancellationToken, jobs.Flow);
        await scene.WrittenAsync(jobs, Scene.Undisturbed, cancellationToken);
        return new Reading { Batches = { jobs }, Figures = { ["makespan"] = await scene.SecondsToLastWriteAsync(jobs, start, cancellationToken) } };
    }
}
