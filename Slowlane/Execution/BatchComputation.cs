using Microsoft.Extensions.Logging;

namespace Slowlane.Execution;

/// <summary>
/// The computations of a message's jobs, one after the other on its lane. Many to a visit: to go to the lane's thread and
/// back costs as much as all else that a short job costs the worker.
/// </summary>
internal sealed class BatchComputation(IReadOnlyList<ReadyJob> jobs, BatchAttempt attempt, TimeProvider time, ILogger log)
{
    // What is computed waits for its write: no longer than this, and no more than this, even where jobs are not as short as their type says.
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(1);
    private const int MaxCharacters = 8 * 1024 * 1024;

    private readonly AttemptResult?[] _results = new AttemptResult?[jobs.Count];
    private int _next;

    /// <summary>Whether every job has had its turn.</summary>
    public bool IsDone => _next == jobs.Count;

    /// <summary>Computes jobs for a while, and returns what came of those that had their turn.</summary>
    public async Task<IReadOnlyList<AttemptResult>> ComputeAsync()
    {
        var (first, started, characters) = (_next, time.GetTimestamp(), 0L);
        while (HasRoom())
        {
            using var stop = new CancellationTokenSource();
            try
            {
                await attempt.Lane.RunAsync(Visit, stop.Token);
            }
            catch (OperationCanceledException e)
            {
                // The last one ignored its token: should it end after all, that counts no more.
                Interlocked.CompareExchange(ref _results[_next - 1], AttemptResult.Failed(jobs[_next - 1].Job, e), null);
            }

            // Ends when a job is told to stop during its turn, so that whoever awaits it sees whether the job does.
            bool Visit()
            {
                while (HasRoom() && !stop.IsCancellationRequested)
                {
                    var turn = _next++;
                    var result = Compute(jobs[turn], stop);
                    if (Interlocked.CompareExchange(ref _results[turn], result, null) is null)
                    {
                        characters += result.Computed?.Json.Length ?? 0;
                    }
                }

                return true;
            }
        }

        return [.. _results[first.._next].Select(result => result!)];

        bool HasRoom() => !IsDone && characters < MaxCharacters && time.GetElapsedTime(started) < MaxDuration;
    }

    private AttemptResult Compute(ReadyJob ready, CancellationTokenSource stop)
    {
        var job = ready.Job;
        if (job.Stop.Reason is not StopReason.None)
        {
            return AttemptResult.Failed(job, job.Stopped);
        }

        using var scope = job.Enter(log);
        using var stops = job.Stop.Token.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        try
        {
            return new AttemptResult(job, job.Stop.Limited(attempt.TimeLimit, () => attempt.Handler.Compute(ready.Computation, job.Context)), Failure: null);
        }
#pragma warning disable CA1031 // Whatever it is, it is this job's, and none of the others'.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return AttemptResult.Failed(job, e);
        }
    }
}
