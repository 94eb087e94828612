namespace Slowlane.Storage.Transitions;

/// <summary>The states of a job as SQL: the values of the column, and conditions on a row <c>j</c> of <c>slowlane.job</c>.</summary>
internal static class JobState
{
    public const string Queued = "'queued'";
    public const string Running = "'running'";
    public const string Succeeded = "'succeeded'";
    public const string Failed = "'failed'";
    public const string Cancelled = "'cancelled'";

    public const string IsQueued = $"j.status = {Queued}";
    public const string IsRunning = $"j.status = {Running}";
    public const string IsSucceeded = $"j.status = {Succeeded}";
    public const string IsFailed = $"j.status = {Failed}";
    public const string IsCancelled = $"j.status = {Cancelled}";

    /// <summary>Means the same as queued. With this condition a planner that believes the queue empty does not scan all of it for one job.</summary>
    public const string IsDueSometime = "j.due_at is not null";

    /// <summary>The job is queued and due. A second early is close enough, because queues count whole seconds.</summary>
    public const string IsDue = $"({IsQueued} and j.due_at <= now() + interval '1 second')";

    /// <summary>The job is running and its lease has run out.</summary>
    public const string IsLost = $"({IsRunning} and {LeaseIsOver})";

    /// <summary>The lease has run out. Only a running job has one.</summary>
    public const string LeaseIsOver = "j.lease_until < now()";

    /// <summary>The job was cancelled before its message came. Only that message has the input.</summary>
    public const string LacksInput = "(j.input is null and j.input_blob is null)";

    /// <summary>The input is in the row, or in a blob that the row names.</summary>
    public const string HasInput = "(j.input is not null or j.input_blob is not null)";
}
