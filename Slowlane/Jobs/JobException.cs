namespace Slowlane.Jobs;

/// <summary>
/// A job type throws this exception to fail a job with a reason that the caller reads. The job fails at once. If
/// <see cref="IsTransient"/> is set, the job is tried again and fails with this reason once its attempts are used.
/// </summary>
public sealed class JobException : Exception
{
    /// <summary>Creates an exception with the reason that the caller reads in the status document.</summary>
    /// <param name="code">A stable, kebab-case name for the kind of failure, such as <c>unknown-table</c>.</param>
    /// <param name="title">The kind of failure in a few words, the same for every job.</param>
    /// <param name="detail">What happened to this job. It should name the value, the bound and the remedy, and contain no secrets.</param>
    /// <param name="innerException">The cause, if there is one. It is logged and never shown to the caller.</param>
    public JobException(string code, string title, string detail, Exception? innerException = null)
        : base(detail, innerException)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(detail);
        Code = code;
        Title = title;
    }

    /// <summary>Whether another attempt may succeed. False by default: the job can't succeed, however often it is tried.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The stable, kebab-case name of the kind of failure.</summary>
    public string Code { get; }

    /// <summary>The kind of failure in a few words.</summary>
    public string Title { get; }
}
