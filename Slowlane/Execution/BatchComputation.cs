using Microsoft.Extensions.Logging;

namespace Slowlane.Execution;

/// <summary>
/// Runs the computations of a message's jobs one after the other on its lane. Many jobs share one visit to the lane's thread:
/// switching to it and back costs as much as everything else that a short job costs the worker.
/// </summary>
internal sealed class BatchComputation(IReadOnlyList<ReadyJob> jobs, BatchAttempt attempt, TimeProvider time, ILogger log)
{
    // Computed results wait for their write. These limits bound that wait and the results' size, even if jobs are longer than their type says.
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(1);
    private const int MaxCharacters = 8 * 1024 * 1024;

    private readonly AttemptResult?[] _results = new AttemptResult?[jobs.Count];
    private int _next;

    /// <summary>Whether every job is computed.</summary>
    public bool IsDone => _next == jobs.Count;

    /// <summary>Computes jobs until a limit is reached, and returns the results of these jobs.</summary>
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
                // The last job ignored its token. If its computation ends after all, the late result is dropped.
                Interlocked.CompareExchange(ref _results[_next - 1], AttemptResult.Failed(jobs[_next - 1].Job, e), null);
            }

            // Ends when a running job is told to stop, so that the lane can check whether the job obeys.
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
            using var limited = job.Stop.Limit(attempt.TimeLimit);
            return new AttemptResult(job, ready.Computation(job.Context), Failure: null);
        }
#pragma warning disable CA1031 // Any failure is this job's alone.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return AttemptResult.Failed(job, e);
        }
    }
}
