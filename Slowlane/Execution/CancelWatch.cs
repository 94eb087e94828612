using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Tells this process's attempts that a caller wants their job ended: one question for all of them, twice a second, while there are any.</summary>
/// <remarks>Asked and not listened for: a listening connection a process would be too many once there are hundreds of them.</remarks>
internal sealed partial class CancelWatch(ControlStore jobs, TimeProvider time, ILogger<CancelWatch> log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly HashSet<Watched> _attempts = [];
    private bool _looking;

    /// <summary>Watches an attempt until disposed.</summary>
    public IDisposable Watch(JobId id, AttemptCancellation stop)
    {
        var watched = new Watched(this, id, stop);
        lock (_gate)
        {
            _attempts.Add(watched);
            if (!_looking)
            {
                _looking = true;
                using var apart = ExecutionContext.SuppressFlow(); // It outlives this attempt, and asks for others too.
                _ = LookAsync();
            }
        }

        return watched;
    }

    private async Task LookAsync()
    {
        do
        {
            await Task.Delay(Period, time);
        }
        while (await LookOnceAsync());
    }

    /// <summary>False when there was nothing to look for.</summary>
    private async Task<bool> LookOnceAsync()
    {
        if (Running() is not { Length: > 0 } attempts)
        {
            return false;
        }

        try
        {
            var asked = await jobs.AskedAsync(attempts.Select(attempt => attempt.Id), CancellationToken.None);
            foreach (var attempt in attempts.Where(attempt => asked.Contains(attempt.Id)))
            {
                attempt.Stop.Stop(StopReason.Cancelled);
            }
        }
#pragma warning disable CA1031 // Whatever it is, the next look may go better; a job that can't be asked to end ends all the same.
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
            _looking = _attempts.Count > 0;
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
