using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Running;

/// <summary>Keeps the lease of a running job, three beats to a lease, until disposed.</summary>
internal sealed partial class Heartbeat : IAsyncDisposable
{
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
        using var timer = new PeriodicTimer(period, time);
        while (await timer.WaitForNextTickAsync(end))
        {
            try
            {
                if (!await claims.RenewAsync(claim, context.Progress, end))
                {
                    stop.Stop(StopReason.LeaseLost);
                    return;
                }
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
