using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Bench.Hosts;
using Slowlane.Maintenance;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Bench.Growth.Rows;

/// <summary>How fast retention goes when millions are past it at once.</summary>
/// <param name="Past">Jobs past their retention.</param>
/// <param name="Noted">Jobs a second that get their tombstone.</param>
/// <param name="Deleted">Jobs a second that are deleted, results and all.</param>
/// <param name="LongestRun">The longest run, in seconds: it should end by itself.</param>
internal sealed record PurgePace(long Past, double Noted, double Deleted, double LongestRun)
{
    private const int Runs = 4; // A minute of sweeps.

    /// <summary>What is wrong with it.</summary>
    public IEnumerable<string> Faults => Past > 0 && (Noted == 0 || Deleted == 0) ? ["Retention notes or deletes nothing."]
        : LongestRun > 2 * Retention.MaxRun.TotalSeconds ? [FormattableString.Invariant($"A run of retention took {LongestRun:0.0} s.")]
        : [];

    public static async Task<PurgePace> MeasureAsync(GrowthEnvironment environment, CancellationToken cancellationToken)
    {
        var options = environment.Options with { Retention = TimeSpan.FromDays(2) };
        await using var source = Database.Open(options);
        using var database = new Database(source, AppMigrations.Of(source), TimeProvider.System);
        var retention = new Retention(new RetentionStore(database, options, NullLogger<RetentionStore>.Instance), new InputBlobs(options), new ResultBlobs(options, NullLogger<ResultBlobs>.Instance), TimeProvider.System);

        var past = await environment.Source.ValueAsync<long>("select count(*) from slowlane.job where finished_at < now() - interval '2 days'", cancellationToken);
        var (noting, longest) = await RunAsync(retention, cancellationToken);
        var noted = await environment.Source.ValueAsync<long>("select count(*) from slowlane.purged", cancellationToken);
        await environment.Source.ExecuteAsync("update slowlane.purged set purged_at = purged_at - interval '61 seconds'", cancellationToken);
        await environment.Source.ExecuteAsync("vacuum slowlane.purged", cancellationToken);
        var (deleting, last) = await RunAsync(retention, cancellationToken);
        var left = await environment.Source.ValueAsync<long>("select count(*) from slowlane.job where finished_at < now() - interval '2 days'", cancellationToken);
        return new PurgePace(past, noted / noting, (past - left) / deleting, Math.Max(longest, last));
    }

    private static async Task<(double All, double Longest)> RunAsync(Retention retention, CancellationToken cancellationToken)
    {
        var (all, longest) = (0.0, 0.0);
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            await retention.RunAsync(cancellationToken);
            var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
            (all, longest) = (all + took, Math.Max(longest, took));
        }

        return (all, longest);
    }
}
