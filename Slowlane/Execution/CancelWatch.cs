using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>
/// Tells this process's attempts about requested cancellations. One query serves all attempts, twice a second, while there are
/// any.
/// </summary>
/// <remarks>The watch polls, because one listening connection per process is too many with hundreds of processes.</remarks>
internal sealed partial class CancelWatch(ControlStore jobs, TimeProvider time, ILogger<CancelWatch> log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly List<Watched> _attempts = []; // In the order in which they run.
    private bool _polling;

    /// <summary>Watches an attempt until disposed.</summary>
    public IDisposable Watch(JobId id, AttemptCancellation stop)
    {
        var watched = new Watched(this, id, stop);
        lock (_gate)
        {
            _attempts.Add(watched);
            if (!_polling)
            {
                _polling = true;
                using var noFlow = ExecutionContext.SuppressFlow(); // The loop outlives this attempt and serves other attempts too.
                _ = PollAsync();
            }
        }

        return watched;
    }

    private async Task PollAsync()
    {
        do
        {
            await Task.Delay(Period, time);
        }
        while (await PollOnceAsync());
    }

    /// <summary>Returns false if there is no attempt to watch.</summary>
    private async Task<bool> PollOnceAsync()
    {
        if (Running() is not { Length: > 0 } attempts)
        {
            return false;
        }

        try
        {
            var requested = await jobs.CancelRequestedAsync(attempts.Select(attempt => attempt.Id), CancellationToken.None);

            // A job that waits behind another is stopped first, so that it does not begin once the other is stopped.
            foreach (var attempt in attempts.AsEnumerable().Reverse().Where(attempt => requested.Contains(attempt.Id)))
            {
                attempt.Stop.Stop(StopReason.Cancelled);
            }
        }
#pragma warning disable CA1031 // After any failure the next poll may succeed. A job that does not hear of the request still ends.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Missed(log, e.Message);
        }

        return true;
    }

    private Watched[] Running()
    {
        lock (_gate)
        {
            _polling = _attempts.Count > 0;
            return [.. _attempts];
        }
    }

    private sealed class Watched(CancelWatch watch, JobId id, AttemptCancellation stop) : IDisposable
    {
        public JobId Id => id;

        public AttemptCancellation Stop => stop;

        public void Dispose()
        {
            lock (watch._gate)
            {
                watch._attempts.Remove(this);
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "Could not look for jobs that should end: {Reason}")]
    private static partial void Missed(ILogger log, string reason);
}
