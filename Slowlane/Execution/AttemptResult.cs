using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>What an attempt came to.</summary>
/// <param name="Job">The job.</param>
/// <param name="Computed">What is to be written; null when it failed before that.</param>
/// <param name="Failure">What it threw; null when all went well so far.</param>
/// <param name="IsLogged">Whether the log has the failure's stack already, once for several jobs.</param>
internal sealed record AttemptResult(RunningJob Job, Computed? Computed, Exception? Failure, bool IsLogged = false)
{
    public static AttemptResult Failed(RunningJob job, Exception failure, bool isLogged = false) => new(job, null, failure, isLogged);
}
