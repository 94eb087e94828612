namespace Slowlane.Jobs;

/// <summary>Thrown by a job type to say why: the job fails at once with this reason, or, if it <see cref="IsTransient"/>, once its attempts are used.</summary>
public sealed class JobException : Exception
{
    /// <summary>Creates the reason a caller will read in the status document.</summary>
    /// <param name="code">A stable, kebab-case name for the kind of failure, such as <c>unknown-table</c>.</param>
    /// <param name="title">The kind of failure in a few words, the same for every job.</param>
    /// <param name="detail">What happened to this job: names the value, the bound and the remedy. No secrets.</param>
    /// <param name="innerException">What caused it, if anything did; logged, never shown to the caller.</param>
    public JobException(string code, string title, string detail, Exception? innerException = null)
        : base(detail, innerException)
    {
        Code = code;
        Title = title;
    }

    /// <summary>True when another attempt may go better. By default the job can't succeed, however often it is tried.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The stable, kebab-case name of the kind of failure.</summary>
    public string Code { get; }

    /// <summary>The kind of failure in a few words.</summary>
    public string Title { get; }
}
