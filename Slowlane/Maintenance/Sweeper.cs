using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Telemetry;

namespace Slowlane.Maintenance;

/// <summary>Repairs the jobs of vanished processes and lost messages, and deletes data past its retention.</summary>
internal sealed partial class Sweeper(
    SweepStore store,
    PausedJobs paused,
    Retention retention,
    WakeUps wakeUps,
    JobMetrics metrics,
    TimeProvider time,
    ILogger<Sweeper> log)
{
    /// <summary>How long one sweep wakes the jobs of a pause that is over: most of the time until the next sweep.</summary>
    private static readonly TimeSpan WakeLimit = TimeSpan.FromSeconds(10);

    private long _last = time.GetTimestamp();

    /// <summary>The time since this process last swept, or started.</summary>
    internal TimeSpan SinceLast => time.GetElapsedTime(Interlocked.Read(ref _last));

    /// <summary>Sweeps once. The sweep is bounded; the next one does the remaining work.</summary>
    /// <remarks>Rows are changed before messages are sent. If a sweep dies in between, a later one sends the messages.</remarks>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _last, time.GetTimestamp()); // Set at the start, so that a sweep that an outage postpones is not tried again at once.
        try
        {
            await RepairAsync(cancellationToken);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            Postponed(log, e.Message); // Nothing is lost, because the next sweep finds the same rows.
        }
    }

    private async Task RepairAsync(CancellationToken cancellationToken)
    {
        var cancelled = await store.CancelLostAsync(cancellationToken);
        var failed = await store.FailLostAsync(cancellationToken);
        await store.PurgePartitionsAsync(cancellationToken);
        // Reads the queue before rows of jobs to wake are changed: without the queue no message can be sent, and no row may claim that one was.
        var next = await wakeUps.NextSentAsync(cancellationToken);
        var released = await wakeUps.SendAsync(await store.ReleaseLostAsync(cancellationToken), cancellationToken);
        var resent = await paused.WakeAsync(WakeLimit, cancellationToken)
            + await wakeUps.SendAsync(await store.ResendDueAsync(next, cancellationToken), cancellationToken);
        metrics.Swept("released", released);
        metrics.Swept("resent", resent);
        metrics.Swept("failed", failed);
        metrics.Swept("cancelled", cancelled);
        if (failed + released + resent + cancelled > 0)
        {
            Swept(log, released, resent, failed, cancelled);
        }

        await retention.RunAsync(cancellationToken); // The retention may take long, so it comes last.
    }

    [LoggerMessage(LogLevel.Warning, "Sweep: {Released} jobs taken back from vanished workers, {Resent} messages sent again, {Failed} jobs failed that lost too many workers or their input, {Cancelled} cancelled that no worker has")]
    private static partial void Swept(ILogger log, int released, int resent, int failed, int cancelled);

    [LoggerMessage(LogLevel.Warning, "Sweep postponed: {Reason}")]
    private static partial void Postponed(ILogger log, string reason);
}
