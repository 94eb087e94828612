using Slowlane.Compare.Checks;

namespace Slowlane.Compare.Steps;

internal static class BatchStep
{
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var jobs = Batch.Bundled(scene.Variant.BatchPath!, scene.Size.BatchClients, scene.Size.Batches, scene.Size.BatchJobs, TimeSpan.FromMilliseconds(1));
        var (accepted, done) = await scene.RatesAsync(jobs, cancellationToken);
        return new Reading
        {
            Batches = { jobs },
            Figures = { ["batch.posts"] = accepted, ["batch.jobs"] = done },
        };
    }
}
