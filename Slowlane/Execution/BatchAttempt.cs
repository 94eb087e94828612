using Slowlane.Execution.Partitions;

namespace Slowlane.Execution;

/// <summary>The common context of the attempts of a message's jobs.</summary>
/// <param name="Handler">The handler of their type.</param>
/// <param name="Lane">The lane that computes the jobs.</param>
/// <param name="Runs">Runs the partitions of a job.</param>
/// <param name="Meter">Measures their computations.</param>
/// <param name="Stopping">Fires when the process stops.</param>
internal sealed record BatchAttempt(JobHandler Handler, Lane Lane, IPartitionRuns Runs, ComputeMeter Meter, CancellationToken Stopping)
{
    /// <summary>How long one step may take.</summary>
    public TimeSpan TimeLimit => Handler.Options.TimeLimit;
}
