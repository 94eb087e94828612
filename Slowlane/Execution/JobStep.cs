using Microsoft.Extensions.Logging;

namespace Slowlane.Execution;

/// <summary>
/// A step that one or several jobs share. A single job's step has the job's own cancellation, log scope and span. A step of
/// several jobs has its own cancellation, which only the process's stop and the step's time limit fire. So no job stops the
/// others.
/// </summary>
internal sealed class JobStep : IDisposable
{
    private readonly AttemptCancellation? _shared;
    private readonly RunningJob.Scope _scope;

    private JobStep(IReadOnlyList<RunningJob> jobs, BatchAttempt attempt, TimeProvider time, ILogger log)
    {
        _shared = jobs.Count == 1 ? null : new AttemptCancellation(time, attempt.Stopping);
        _scope = jobs.Count == 1 ? jobs[0].Enter(log) : default;
        Stop = _shared ?? jobs[0].Stop;
    }

    public AttemptCancellation Stop { get; }

    /// <summary>Whether several jobs share the step.</summary>
    public bool IsShared => _shared is not null;

    public void Dispose()
    {
        _scope.Dispose();
        _shared?.Dispose();
    }

    /// <summary>Runs a step, and tells whose a failure is. Throws nothing.</summary>
    public static async Task<StepResult<T>> RunAsync<T>(
        IReadOnlyList<RunningJob> jobs, BatchAttempt attempt, TimeProvider time, ILogger log, Func<JobStep, Task<T>> run)
        where T : class
    {
        using var step = new JobStep(jobs, attempt, time, log);
        try
        {
            return new StepResult<T>(Value: await run(step));
        }
        catch (Exception e) when (step.Stop.Reason is StopReason.Shutdown)
        {
            return new StepResult<T>(Failed: [.. jobs.Select(job => ShutDown(job, step.IsShared ? null : e))]);
        }
        catch (Exception e) when (!step.IsShared)
        {
            return new StepResult<T>(Failed: [AttemptResult.Failed(jobs[0], e)]);
        }
#pragma warning disable CA1031 // The failing job is found when each job takes the step by itself.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new StepResult<T>(SharedFailure: e);
        }
    }

    // A failure of several jobs may be one's alone. Its next attempt shows it.
    private static AttemptResult ShutDown(RunningJob job, Exception? failure)
    {
        job.Stop.Stop(StopReason.Shutdown); // The shutdown may not have reached the job's own cancellation yet.
        return AttemptResult.Failed(job, failure ?? job.Stopped);
    }
}

/// <summary>The result of a step. One of its members is set.</summary>
/// <param name="Value">The value of a step that succeeded.</param>
/// <param name="Failed">The failure of each job.</param>
/// <param name="SharedFailure">A failure of a step that several jobs share. It may be one job's alone.</param>
internal sealed record StepResult<T>(T? Value = null, IReadOnlyList<AttemptResult>? Failed = null, Exception? SharedFailure = null)
    where T : class;
