using Slowlane.Bench.Hosts;
using Slowlane.Maintenance;

namespace Slowlane.Bench.Growth.Rows;

/// <summary>A sweep, statement by statement: with nothing to do, as nearly always, and with as much as a run takes on.</summary>
internal static class SweepStatements
{
    private const long Idle = 500;
    private const long Full = 40_000; // A batch of 500, each in every index.

    public static IEnumerable<Statement> Quiet(Sample sample) =>
    [
        Sparing("sweep: cancel", Idle, stores => stores.Sweeps.CancelLostAsync(default)),
        Sparing("sweep: fail", Idle, stores => stores.Sweeps.FailLostAsync(default)),
        Sparing("sweep: forget parts", Idle, stores => stores.Sweeps.PurgePartitionsAsync(default)),
        Sparing("sweep: take back", Idle, stores => stores.Sweeps.ReleaseLostAsync(default)),
        Sparing("sweep: wake after a pause", Idle, stores => stores.Sweeps.WakePausedAsync(SweepStore.Batch, default)),
        Sparing("sweep: send again, none overtaken", Idle, stores => stores.Sweeps.ResendDueAsync(sample.OldestDue, default)),
        Sparing("sweep: bury", Idle, stores => stores.Retention.BuryAsync(RetentionMark.Start, default)),
        Sparing("sweep: purge", Idle, stores => stores.Retention.PurgeAsync(RetentionMark.Start, default)),
        Sparing("sweep: forget tombstones", Idle, stores => stores.Retention.PurgeExpiredAsync(default)),
    ];

    public static IEnumerable<Statement> Paused() => [Sparing("sweep: send again, all paused", Idle, stores => stores.Sweeps.ResendDueAsync(null, default))];

    public static IEnumerable<Statement> Lost() => [Sparing("sweep: send 500 again", Full, stores => stores.Sweeps.ResendDueAsync(null, default))];

    private static Statement Sparing(string name, long pages, Func<Stores, Task> call) => new(name, pages, call, Sparing: true);
}
