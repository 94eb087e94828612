using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>What is known of an id.</summary>
internal enum JobPresence
{
    /// <summary>It was never given out.</summary>
    Unknown,

    /// <summary>Accepted; it has no row yet, and maybe never had one.</summary>
    Waiting,

    /// <summary>It has a row.</summary>
    Recorded,

    /// <summary>It was purged, or is too old for that to be known.</summary>
    Gone,
}

/// <summary>Looks jobs up, and waits for their end.</summary>
internal sealed class JobLookup(JobReader reader, CompletionNotifier signals, TypicalDurations usual, SlowlaneOptions options, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>Signals get lost where a pooler hands every statement to another connection, so they are not relied on.</summary>
    private static readonly TimeSpan LongestPauseWithSignals = TimeSpan.FromSeconds(5);

    /// <summary>An id from the future was made by a clock that runs ahead of ours; more than this and nobody here made it.</summary>
    private static readonly TimeSpan ClockDrift = TimeSpan.FromMinutes(15);

    /// <summary>The job as it stands now.</summary>
    public async Task<(JobPresence Presence, JobRow? Row)> LookAsync(JobId id, CancellationToken cancellationToken)
    {
        var row = await reader.FindAsync(id, cancellationToken);
        usual.Refresh();
        return (row is not null ? JobPresence.Recorded : Presence(id, await reader.IsPurgedAsync(id, cancellationToken)), row);
    }

    /// <summary>What an id without a row means now.</summary>
    public JobPresence Presence(JobId id, bool purged) => PresenceWithoutRow(id.CreatedAt, time.GetUtcNow(), options.Retention, purged);

    /// <summary>The job once it is finished, or as it stands when the wait is over: also when this process stops, as its callers shall have an answer.</summary>
    public async Task<(JobPresence Presence, JobRow? Row)> WaitAsync(JobId id, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait <= TimeSpan.Zero)
        {
            return await LookAsync(id, cancellationToken);
        }

        var start = time.GetTimestamp();
        using var signal = signals.Subscribe(id.Value);
        var found = await LookAsync(id, cancellationToken);
        for (var look = 1; ; look++)
        {
            var left = wait - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || found.Presence is JobPresence.Unknown or JobPresence.Gone || found.Row?.Status.IsFinished() == true)
            {
                return found;
            }

            var pause = Backoff.After(look, FirstPause, signal.CanCome ? LongestPauseWithSignals : LongestPause, Random.Shared.NextDouble());
            try
            {
                await signal.WaitAsync(pause < left ? pause : left, time, cancellationToken);
                found = await LookAsync(id, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return found;
            }
        }
    }

    /// <summary>What an id without a row means: its message may wait for long, so only a tombstone, or an age at which tombstones go, says gone. Pure.</summary>
    internal static JobPresence PresenceWithoutRow(DateTimeOffset created, DateTimeOffset now, TimeSpan retention, bool purged)
        => created > now + ClockDrift ? JobPresence.Unknown
            : purged || created < now - retention - RetentionStore.TombstoneAge ? JobPresence.Gone
            : JobPresence.Waiting;
}
