using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution.Partitions;

/// <summary>Looks twice a second, until disposed, whether a partition's attempt goes on, and stops the partition when not: a job that was cancelled should not burn processors.</summary>
internal sealed partial class PartitionWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _looks;

    private PartitionWatch(Func<CancellationToken, Task> look) => _looks = look(_end.Token);

    public static PartitionWatch Start(PartitionStore partitions, JobId job, long fence, AttemptCancellation stop, TimeProvider time, ILogger log)
        => new(end => LookAsync(partitions, job, fence, stop, time, log, end));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private static async Task LookAsync(PartitionStore partitions, JobId job, long fence, AttemptCancellation stop, TimeProvider time, ILogger log, CancellationToken end)
    {
        do
        {
            await Task.Delay(Period, time, end);
        }
        while (await GoesOnAsync(partitions, job, fence, log, end));

        stop.Stop(StopReason.LeaseLost);
    }

    private static async Task<bool> GoesOnAsync(PartitionStore partitions, JobId job, long fence, ILogger log, CancellationToken end)
    {
        try
        {
            return await partitions.IsRunningAsync(job, fence, end);
        }
#pragma warning disable CA1031 // Whatever it is, the next look may go better; and what is saved is checked again.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Missed(log, job, e.Message);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Could not look whether job {JobId} goes on: {Reason}")]
    private static partial void Missed(ILogger log, JobId jobId, string reason);
}
