using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Slowlane.Storage;

/// <summary>
/// Records the jobs that this process accepted, a moment after their messages were sent and without delaying a request. If a
/// worker dies between receiving a message and claiming its job, the sweep then finds a row. Without the row, the host hides the
/// message for ten minutes.
/// </summary>
/// <remarks>
/// Recording is best effort: a job is accepted by its message, recorded or not. A job that is not recorded, because the database
/// is away for long or this process dies, still runs by its message.
/// </remarks>
internal sealed partial class SubmittedJobRecorder : IAsyncDisposable
{
    /// <summary>The maximum size of the jobs that wait for the database, in bytes of input. An outage must not fill the memory.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int BatchRows = 500;
    private const int BatchBytes = 1024 * 1024;

    /// <summary>The approximate size of a job without its input, in bytes.</summary>
    private const int Overhead = 200;

    // Most jobs are claimed within this time, and then cost only a look-up by primary key.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(2);

    private readonly Channel<SubmittedJob> _jobs = Channel.CreateUnbounded<SubmittedJob>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop;
    private readonly SubmittedJobStore _store;
    private readonly OutageRetry _outageRetry;
    private readonly TimeProvider _time;
    private readonly ILogger<SubmittedJobRecorder> _log;
    private readonly Lazy<Task> _loop;
    private long _bytes;

    public SubmittedJobRecorder(SubmittedJobStore store, OutageRetry outageRetry, TimeProvider time, ILogger<SubmittedJobRecorder> log)
    {
        _store = store;
        _outageRetry = outageRetry;
        _time = time;
        _log = log;
        _stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _loop = new Lazy<Task>(() =>
        {
            using var noFlow = ExecutionContext.SuppressFlow(); // The loop outlives the request that starts it, and serves other requests too.
            return Task.Run(RunAsync);
        });
    }

    /// <summary>Adds a job to be recorded. Never waits and never fails.</summary>
    public void Add(SubmittedJob job)
    {
        if (Interlocked.Add(ref _bytes, SizeOf(job)) > MaxBytes || !_jobs.Writer.TryWrite(job))
        {
            Interlocked.Add(ref _bytes, -SizeOf(job));
            return;
        }

        _ = _loop.Value;
    }

    /// <summary>Records the remaining jobs, within two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        if (_loop.IsValueCreated)
        {
            _ending.TrySetResult();
            _stop.CancelAfter(LastTry);
            await _loop.Value;
        }

        _stop.Dispose();
    }

    private static int SizeOf(SubmittedJob job) => job.Input.Length + Overhead;

    private async Task RunAsync()
    {
        try
        {
            while (await _jobs.Reader.WaitToReadAsync(_stop.Token))
            {
                await Task.WhenAny(Task.Delay(Gather, _time, _stop.Token), _ending.Task); // Does not wait when the process ends.
                while (NextBatch() is { Count: > 0 } batch)
                {
                    await RecordAsync(batch);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends. The jobs still run, because their messages are in the queue.
        }
    }

    private List<SubmittedJob> NextBatch()
    {
        var batch = new List<SubmittedJob>();
        for (var bytes = 0; batch.Count < BatchRows && bytes < BatchBytes && _jobs.Reader.TryRead(out var job); bytes += SizeOf(job))
        {
            batch.Add(job);
        }

        return batch;
    }

    private async Task RecordAsync(List<SubmittedJob> batch)
    {
        try
        {
            await _outageRetry.ExecuteUnlessRefusedAsync(() => _store.RecordAsync(batch, _stop.Token), _stop.Token);
        }
#pragma warning disable CA1031 // After any failure the jobs are still in the queue, and the next batch must be recorded.
        catch (Exception e) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            NotRecorded(_log, batch.Count, e);
        }
        finally
        {
            Interlocked.Add(ref _bytes, -batch.Sum(SizeOf));
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} accepted jobs could not be recorded; they run by their messages alone")]
    private static partial void NotRecorded(ILogger log, int count, Exception failure);
}
