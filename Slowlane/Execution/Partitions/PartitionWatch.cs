using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution.Partitions;

/// <summary>
/// Checks twice a second, until disposed, whether a partition's attempt is still running. If not, it stops the partition: a
/// cancelled job should not use processor time.
/// </summary>
internal sealed partial class PartitionWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _polls;

    private PartitionWatch(Func<CancellationToken, Task> poll) => _polls = poll(_end.Token);

    public static PartitionWatch Start(PartitionStore partitions, JobId job, long fence, AttemptCancellation stop, TimeProvider time, ILogger log)
        => new(end => PollAsync(partitions, job, fence, stop, time, log, end));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _polls.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private static async Task PollAsync(PartitionStore partitions, JobId job, long fence, AttemptCancellation stop, TimeProvider time, ILogger log, CancellationToken end)
    {
        do
        {
            await Task.Delay(Period, time, end);
        }
        while (await ShouldContinueAsync(partitions, job, fence, log, end));

        stop.Stop(StopReason.LeaseLost);
    }

    private static async Task<bool> ShouldContinueAsync(PartitionStore partitions, JobId job, long fence, ILogger log, CancellationToken end)
    {
        try
        {
            return await partitions.IsRunningAsync(job, fence, end);
        }
#pragma warning disable CA1031 // After any failure the next poll may succeed, and the save checks the attempt again.
        catch (Exception e) when (!end.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Missed(log, job, e.Message);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Could not look whether job {JobId} goes on: {Reason}")]
    private static partial void Missed(ILogger log, JobId jobId, string reason);
}
