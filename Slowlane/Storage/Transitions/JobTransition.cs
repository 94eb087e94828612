namespace Slowlane.Storage.Transitions;

/// <summary>
/// The transitions of a job's status. Each is the set clause of an <c>update slowlane.job as j</c>. The file beside this one has
/// a diagram of all transitions. A transition that ends a job from outside raises the fencing token, so that a worker that still
/// has the job writes nothing.
/// </summary>
internal static class JobTransition
{
    /// <summary>Queued and due, or lost, to running. Parameters $1 to $4 are the worker, the lease, the type and its maximum of attempts.</summary>
    /// <remarks>
    /// The claim of a lost job charges no attempt, because the job did not fail. This worker's version of the type sets the
    /// maximum of attempts: it may have changed since the row was written, and the row of a poison message was written without
    /// it.
    /// </remarks>
    public const string Claim = $"""
        type         = $3,
        status       = {JobState.Running},
        attempt      = j.attempt + case j.status when {JobState.Queued} then 1 else 0 end,
        max_attempts = greatest($4, j.attempt + case j.status when {JobState.Queued} then 1 else 0 end),
        lost_leases  = j.lost_leases + case j.status when {JobState.Running} then 1 else 0 end,
        {ByAnother},
        worker       = $1,
        lease_until  = now() + $2,
        due_at       = null,
        sends        = 0,
        progress     = null,
        started_at   = now()
        """;

    /// <summary>Running to succeeded, by the job's worker.</summary>
    public const string Succeed = $"status = {JobState.Succeeded}, {Ended}, {WithoutError}, progress = 1";

    /// <summary>
    /// Running to queued, by the job's worker, with the attempt charged. $3 is the wait; $4 to $6 are the error's type, title and
    /// detail.
    /// </summary>
    public const string Retry = $"""
        {QueueUnlessCancelled},
        error_type = case when cancel_requested then null else $4 end, error_title = case when cancel_requested then null else $5 end,
        error_detail = case when cancel_requested then null else $6 end
        """;

    /// <summary>Running to queued, by the job's worker, without charging the attempt. $3 is the wait; $4 is the number of outages to count.</summary>
    public const string Release = $"{QueueUnlessCancelled}, attempt = j.attempt - 1, outages = j.outages + $4, progress = null";

    /// <summary>
    /// Lost to queued, by the sweep. The claim that follows raises the fencing token; until then the status keeps the lost worker
    /// from writing.
    /// </summary>
    public const string ReleaseLost = $"{Enqueued}, lost_leases = j.lost_leases + 1, attempt = j.attempt - 1, due_at = now(), sends = 1, progress = null";

    /// <summary>To failed, by the job's worker, or from outside with <see cref="ByAnother"/>. The statement also sets the error.</summary>
    public const string Fail = $"status = {JobState.Failed}, {Ended}";

    /// <summary>To cancelled, by the job's worker, or from outside with <see cref="ByAnother"/>.</summary>
    public const string Cancel = $"status = {JobState.Cancelled}, {Ended}, {WithoutError}";

    /// <summary>Failed or cancelled to queued, by request, with all attempts available again.</summary>
    public const string Requeue = $"""
        {Enqueued}, {ByAnother}, {WithoutError}, due_at = now(), sends = 0,
        attempt = 0, outages = 0, lost_leases = 0, progress = null, started_at = null
        """;

    /// <summary>Added to a transition that does not come from the job's worker.</summary>
    public const string ByAnother = "fence = j.fence + 1";

    // These keep the constraints of 0001_jobs.sql: only a running job has a lease, only a queued one a due time, only a finished one an end.
    private const string WithoutLease = "worker = null, lease_until = null";
    private const string Enqueued = $"status = {JobState.Queued}, {WithoutLease}, finished_at = null";
    private const string Ended = $"{WithoutLease}, due_at = null, finished_at = now()";
    private const string WithoutError = "error_type = null, error_title = null, error_detail = null";

    // A job with a requested cancellation is not queued again: it ends here.
    private const string QueueUnlessCancelled = $"""
        {WithoutLease}, status = case when cancel_requested then {JobState.Cancelled} else {JobState.Queued} end,
        finished_at = case when cancel_requested then now() end, due_at = case when cancel_requested then null else now() + $3 end
        """;
}
