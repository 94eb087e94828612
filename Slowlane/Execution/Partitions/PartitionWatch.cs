using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution.Partitions;

/// <summary>Looks twice a second, until disposed, whether a part's attempt goes on, and fires its token when not: of a job that was cancelled, nothing should burn processors.</summary>
internal sealed partial class PartitionWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _looks;
    private volatile bool _over;

    private PartitionWatch(Func<PartitionWatch, CancellationToken, Task> looks, CancellationToken stopping)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _looks = looks(this, _end.Token);
    }

    /// <summary>Fires when the attempt is over, or the process stopping.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether the attempt was seen to be over.</summary>
    public bool IsOver => _over;

    public static PartitionWatch Start(PartitionStore parts, JobId job, long fence, TimeProvider time, ILogger log, CancellationToken stopping)
        => new((watch, end) => watch.LookAsync(parts, job, fence, time, log, end), stopping);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        _stop.Dispose();
    }

    private async Task LookAsync(PartitionStore parts, JobId job, long fence, TimeProvider time, ILogger log, CancellationToken end)
    {
        do
        {
            await Task.Delay(Period, time, end);
        }
        while (await GoesOnAsync(parts, job, fence, log, end));

        _over = true;
        await _stop.CancelAsync();
    }

    private static async Task<bool> GoesOnAsync(PartitionStore parts, JobId job, long fence, ILogger log, CancellationToken end)
    {
        try
        {
            return await parts.IsRunningAsync(job, fence, end);
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
