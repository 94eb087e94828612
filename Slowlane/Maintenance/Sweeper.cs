using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Telemetry;

namespace Slowlane.Maintenance;

/// <summary>Heals what a vanished process or a lost message left behind, and removes what is past its retention.</summary>
internal sealed partial class Sweeper(
    SweepStore store,
    HeldJobs held,
    Retention retention,
    WakeUps wakeUps,
    JobMetrics metrics,
    TimeProvider time,
    ILogger<Sweeper> log)
{
    /// <summary>How long one sweep wakes the jobs of a pause that is over: most of the time until the next.</summary>
    private static readonly TimeSpan HeldLimit = TimeSpan.FromSeconds(10);

    private long _last = time.GetTimestamp();

    /// <summary>How long ago this process swept, or began.</summary>
    internal TimeSpan SinceLast => time.GetElapsedTime(Interlocked.Read(ref _last));

    /// <summary>One sweep. Bounded: what is left over waits for the next one.</summary>
    /// <remarks>Rows first, messages second: a sweep that dies in between is healed by a later one.</remarks>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _last, time.GetTimestamp()); // At its beginning: one that an outage postpones is not tried again at once.
        try
        {
            await HealAsync(cancellationToken);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            Postponed(log, e.Message); // Nothing is lost: the next sweep finds the same rows.
        }
    }

    private async Task HealAsync(CancellationToken cancellationToken)
    {
        var cancelled = await store.CancelLostAsync(cancellationToken);
        var failed = await store.FailLostAsync(cancellationToken);
        await store.ForgetPartsAsync(cancellationToken);
        var next = await wakeUps.NextSentAsync(cancellationToken); // Without the queue nobody can be woken: no row should say that somebody was.
        var released = await wakeUps.SendAsync(await store.ReleaseLostAsync(cancellationToken), cancellationToken);
        var resent = await held.WakeAsync(HeldLimit, cancellationToken)
            + await wakeUps.SendAsync(await store.ResendDueAsync(next, cancellationToken), cancellationToken);
        metrics.Swept("released", released);
        metrics.Swept("resent", resent);
        metrics.Swept("failed", failed);
        metrics.Swept("cancelled", cancelled);
        if (failed + released + resent + cancelled > 0)
        {
            Swept(log, released, resent, failed, cancelled);
        }

        await retention.RunAsync(cancellationToken); // It may take its time, so it comes last.
    }

    [LoggerMessage(LogLevel.Warning, "Sweep: {Released} jobs taken back from vanished workers, {Resent} messages sent again, {Failed} jobs failed that lost too many workers or their input, {Cancelled} cancelled that no worker has")]
    private static partial void Swept(ILogger log, int released, int resent, int failed, int cancelled);

    [LoggerMessage(LogLevel.Warning, "Sweep postponed: {Reason}")]
    private static partial void Postponed(ILogger log, string reason);
}
