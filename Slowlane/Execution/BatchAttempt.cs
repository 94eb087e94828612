using Slowlane.Execution.Partitions;

namespace Slowlane.Execution;

/// <summary>What the attempts of a message's jobs have in common.</summary>
/// <param name="Handler">Their type.</param>
/// <param name="Lane">Where they compute.</param>
/// <param name="Runs">Where the partitions of a job run.</param>
/// <param name="Meter">Measures what they compute.</param>
/// <param name="Stopping">Fires when the process stops.</param>
internal sealed record BatchAttempt(JobHandler Handler, Lane Lane, IPartitionRuns Runs, ComputeMeter Meter, CancellationToken Stopping)
{
    /// <summary>How long one step may take.</summary>
    public TimeSpan TimeLimit => Handler.Options.TimeLimit;
}
