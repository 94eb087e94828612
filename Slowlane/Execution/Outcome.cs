using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>How an attempt ended. The outcome decides what happens to its job.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>The result is written and the job marked succeeded, in one transaction.</summary>
    public sealed record Succeeded : Outcome;

    /// <summary>The attempt failed and may be repeated: the job is queued again, the attempt charged.</summary>
    public sealed record Retry(TimeSpan After, JobError Error) : Outcome;

    /// <summary>The process is stopping: the job is queued again, the attempt not charged.</summary>
    public sealed record Released(TimeSpan After) : Outcome;

    /// <summary>Database or storage had an outage: the job is queued again, the attempt not charged, the outage counted.</summary>
    public sealed record Interrupted(TimeSpan After) : Outcome;

    /// <summary>The job failed for good.</summary>
    public sealed record Failed(JobError Error) : Outcome;

    /// <summary>The job ended because a caller requested its cancellation.</summary>
    public sealed record Cancelled : Outcome;

    /// <summary>Another worker has the job, or it was ended from outside. Nothing of this attempt is written.</summary>
    public sealed record LeaseLost : Outcome;
}
