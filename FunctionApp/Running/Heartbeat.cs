using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Running;

/// <summary>Keeps the lease of a running job until disposed: three beats to a lease, and one whenever there is progress to tell.</summary>
internal sealed partial class Heartbeat : IAsyncDisposable
{
    /// <summary>How old a reported progress gets before it is told.</summary>
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _beats;

    private Heartbeat(Func<CancellationToken, Task> beats) => _beats = beats(_end.Token);

    public static Heartbeat Start(ClaimStore claims, Claim claim, JobContext context, AttemptStop stop, TimeSpan lease, TimeProvider time, ILogger log)
        => new(end => BeatAsync(claims, claim, context, stop, lease / 3, time, log, end));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beats.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private static async Task BeatAsync(
        ClaimStore claims, Claim claim, JobContext context, AttemptStop stop, TimeSpan period, TimeProvider time, ILogger log, CancellationToken end)
    {
        using var timer = new PeriodicTimer(period < ProgressPeriod ? period : ProgressPeriod, time);
        var (told, last) = ((double?)null, time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(end))
        {
            var progress = context.Progress;
            if (progress == told && time.GetElapsedTime(last) < period)
            {
                continue;
            }

            try
            {
                if (!await claims.RenewAsync(claim, progress, end))
                {
                    stop.Stop(StopReason.LeaseLost);
                    return;
                }

                (told, last) = (progress, time.GetTimestamp());
            }
#pragma warning disable CA1031 // A missed beat is no reason to stop: while the token is ours nobody else has the job, and the write checks it.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                Missed(log, claim.Id, e.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId}: a heartbeat was missed: {Reason}")]
    private static partial void Missed(ILogger log, JobId jobId, string reason);
}
