using Microsoft.Extensions.Logging;

namespace Slowlane.Execution;

/// <summary>
/// A step that is done for jobs together. One job is stopped by its own cancellation, in its own log scope and span. Several
/// have a cancellation of their own, which only the process's stop and the step's limit fire: none of them stops the others.
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

    /// <summary>Whether it is done for several jobs.</summary>
    public bool IsShared => _shared is not null;

    public void Dispose()
    {
        _scope.Dispose();
        _shared?.Dispose();
    }
}
