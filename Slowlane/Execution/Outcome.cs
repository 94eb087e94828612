using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>How an attempt ended, and so what happens to its job.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>Written and marked succeeded, in one transaction.</summary>
    public sealed record Succeeded : Outcome;

    /// <summary>Failed for now: queued again, the attempt charged.</summary>
    public sealed record Retry(TimeSpan After, JobError Error) : Outcome;

    /// <summary>The process is stopping: queued again, the attempt not charged.</summary>
    public sealed record Released(TimeSpan After) : Outcome;

    /// <summary>Database or storage went away: queued again, the attempt not charged, but counted.</summary>
    public sealed record Interrupted(TimeSpan After) : Outcome;

    /// <summary>Failed for good.</summary>
    public sealed record Failed(JobError Error) : Outcome;

    /// <summary>Ended because a caller asked for it.</summary>
    public sealed record Cancelled : Outcome;

    /// <summary>Somebody else has the job now; nothing of this attempt is written.</summary>
    public sealed record LeaseLost : Outcome;
}
