using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Compare.Steps;

internal static class GapStep
{
    private const int MinMilliseconds = 300;
    private const int MaxMilliseconds = 700;

    /// <remarks>The row is stamped as it is inserted, behind the computation: what is read here is no less than the time to its first instruction.</remarks>
    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var reading = new Reading();
        var gaps = new List<double>();
        for (var i = 0; i < context.Size.IdleJobs; i++)
        {
            await Task.Delay(Random.Shared.Next(MinMilliseconds, MaxMilliseconds), cancellationToken); // In step with nobody's polls.
            var job = Batch.Burst(context.Variant.JobPath, 1, TimeSpan.Zero);
            var sent = TimeProvider.System.GetUtcNow();
            await context.DriveAsync(cancellationToken, job.Flow);
            await context.WrittenAsync(job, StepContext.Undisturbed, cancellationToken);
            gaps.Add(1000 * await context.SecondsToLastWriteAsync(job, sent, cancellationToken));
            reading.Batches.Add(job);
        }

        reading.Figures["gap.p50"] = Percentile.Of(gaps, 0.50);
        reading.Figures["gap.p99"] = Percentile.Of(gaps, 0.99);
        return reading;
    }
}
