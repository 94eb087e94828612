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

    public JobStep(IReadOnlyList<RunningJob> jobs, BatchAttempt attempt, TimeProvider time, ILogger log)
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
}
