using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slowlane.Resilience;

namespace Slowlane.Storage;

/// <summary>
/// Has the jobs that this process accepted recorded, a moment after their messages were sent and behind the requests: a
/// worker that dies between receiving a message and claiming its job then leaves a row that the sweep finds, instead of a
/// message that the host hides for ten minutes.
/// </summary>
/// <remarks>
/// Best effort: a job is accepted by its message, whether or not it is recorded. What can't be recorded for long, or not
/// before this process dies, comes to the same end by its message alone.
/// </remarks>
internal sealed partial class SubmittedJobRecorder : IAsyncDisposable
{
    /// <summary>What may wait for the database, in bytes of input: an outage must not fill the memory.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int BatchRows = 500;
    private const int BatchBytes = 1024 * 1024;

    /// <summary>What a job takes beside its input, about.</summary>
    private const int Overhead = 200;

    // Most jobs are claimed within it, and then cost no more than a look at the primary key.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(2);

    private readonly Channel<SentJob> _jobs = Channel.CreateUnbounded<SentJob>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
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
        _loop = new Lazy<Task>(() =>
        {
            using var apart = ExecutionContext.SuppressFlow(); // It outlives the request that begins it, and works for others too.
            return Task.Run(RunAsync);
        });
    }

    /// <summary>Takes note of a job. Never waits, never fails.</summary>
    public void Add(SentJob job)
    {
        if (Interlocked.Add(ref _bytes, SizeOf(job)) > MaxBytes || !_jobs.Writer.TryWrite(job))
        {
            Interlocked.Add(ref _bytes, -SizeOf(job));
            return;
        }

        _ = _loop.Value;
    }

    /// <summary>Records what is left, unless that takes long.</summary>
    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        if (_loop.IsValueCreated)
        {
            _stop.CancelAfter(LastTry);
            await _loop.Value;
        }

        _stop.Dispose();
    }

    private static int SizeOf(SentJob job) => job.Input.Length + Overhead;

    private async Task RunAsync()
    {
        try
        {
            while (await _jobs.Reader.WaitToReadAsync(_stop.Token))
            {
                await Task.WhenAny(Task.Delay(Gather, _time, _stop.Token), _jobs.Reader.Completion); // No wait at the end.
                while (NextBatch() is { Count: > 0 } batch)
                {
                    await RecordAsync(batch);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends. The messages are in the queue.
        }
    }

    private List<SentJob> NextBatch()
    {
        var batch = new List<SentJob>();
        for (var bytes = 0; batch.Count < BatchRows && bytes < BatchBytes && _jobs.Reader.TryRead(out var job); bytes += SizeOf(job))
        {
            batch.Add(job);
        }

        return batch;
    }

    private async Task RecordAsync(List<SentJob> batch)
    {
        try
        {
            await _outageRetry.ExecuteAsync(() => _store.RecordAsync(batch, _stop.Token), _stop.Token);
        }
#pragma warning disable CA1031 // Whatever it was, the jobs are in the queue, and the next ones must have their turn.
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
