using Slowlane.Compare.Checks;

namespace Slowlane.Compare.Steps;

internal static class CrowdStep
{
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var jobs = Jobs(scene, TimeSpan.FromMilliseconds(1));
        var (accepted, done) = await scene.RatesAsync(jobs, cancellationToken);
        var empty = Jobs(scene, TimeSpan.Zero);
        var (_, emptyDone) = await scene.RatesAsync(empty, cancellationToken);
        return new Reading
        {
            Batches = { jobs, empty },
            Figures = { ["crowd.posts"] = accepted, ["crowd.jobs"] = done, ["crowd.empty"] = emptyDone },
        };
    }

    private static Batch Jobs(Scene scene, TimeSpan spin) => Batch.Closed(scene.Variant.JobPath, scene.Size.CrowdClients, scene.Size.CrowdJobs, spin);
}
