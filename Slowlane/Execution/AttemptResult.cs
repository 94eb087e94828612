using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>The result of an attempt.</summary>
/// <param name="Job">The job.</param>
/// <param name="Computed">The result to be written; null if the attempt failed before it had one.</param>
/// <param name="Failure">The exception of the attempt; null if no step has failed so far.</param>
/// <param name="IsLogged">Whether the failure's stack is already in the log, once for several jobs.</param>
internal sealed record AttemptResult(RunningJob Job, Computed? Computed, Exception? Failure, bool IsLogged = false)
{
    public static AttemptResult Failed(RunningJob job, Exception failure, bool isLogged = false) => new(job, null, failure, isLogged);
}
