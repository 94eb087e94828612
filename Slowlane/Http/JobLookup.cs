using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>What is known about a job id.</summary>
internal enum JobPresence
{
    /// <summary>No job ever had this id.</summary>
    Unknown,

    /// <summary>The job counts as accepted and has no row. It may never have had one.</summary>
    Waiting,

    /// <summary>The job has a row.</summary>
    Recorded,

    /// <summary>The job is purged, or the id is too old to tell.</summary>
    Gone,
}

/// <summary>Looks jobs up and waits until they finish.</summary>
internal sealed class JobLookup(JobReader reader, CompletionNotifier notifier, TypicalDurations durations, SlowlaneOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(500);

    /// <summary>A pooler that gives each statement another connection loses notifications. The wait therefore looks at the row as well, at this interval.</summary>
    private static readonly TimeSpan MaxPauseWithSignals = TimeSpan.FromSeconds(5);

    /// <summary>An id from the future comes from a clock that runs ahead. Beyond this drift, no front of this app created it.</summary>
    private static readonly TimeSpan ClockDrift = TimeSpan.FromMinutes(15);

    /// <summary>The current state of the job.</summary>
    public async Task<(JobPresence Presence, JobRow? Row)> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        var row = await reader.FindAsync(id, cancellationToken);
        durations.Refresh();
        return (row is not null ? JobPresence.Recorded : Presence(id, await reader.IsPurgedAsync(id, cancellationToken)), row);
    }

    /// <summary>The meaning of an id without a row, now.</summary>
    public JobPresence Presence(JobId id, bool purged) => PresenceWithoutRow(id.CreatedAt, time.GetUtcNow(), options.Retention, purged);

    /// <summary>
    /// Waits until the job is finished or the wait is over, and returns its state. It also returns when this process stops, so that the callers
    /// receive a response.
    /// </summary>
    public async Task<(JobPresence Presence, JobRow? Row)> WaitAsync(JobId id, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait <= TimeSpan.Zero)
        {
            return await FindAsync(id, cancellationToken);
        }

        var start = time.GetTimestamp();
        using var signal = notifier.Subscribe(id.Value);
        var found = await FindAsync(id, cancellationToken);
        for (var look = 1; ; look++)
        {
            var left = wait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || found.Presence is JobPresence.Unknown or JobPresence.Gone || found.Row?.Status.IsFinished() == true)
            {
                return found;
            }

            var pause = Backoff.After(look, FirstPause, signal.CanCome ? MaxPauseWithSignals : MaxPause, Random.Shared.NextDouble());
            try
            {
                await signal.WaitAsync(pause < left ? pause : left, time, cancellationToken);
                found = await FindAsync(id, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return found;
            }
        }
    }

    /// <summary>
    /// The meaning of an id without a row. A message may wait for long, so a job counts as gone only if it has a tombstone, or is so old that
    /// its tombstone may be deleted. Pure.
    /// </summary>
    internal static JobPresence PresenceWithoutRow(DateTimeOffset created, DateTimeOffset now, TimeSpan retention, bool purged)
        => created > now + ClockDrift ? JobPresence.Unknown
            : purged || created < now - retention - RetentionStore.TombstoneAge ? JobPresence.Gone
            : JobPresence.Waiting;
}
