namespace Slowlane.Storage.Transitions;

/// <summary>
/// The changes of a job's status: each is what an <c>update slowlane.job as j</c> sets. The file beside has the picture of all
/// of them. Whoever ends a job that a worker may have raises the fencing token, so that a worker which comes back writes nothing.
/// </summary>
internal static class JobTransition
{
    /// <summary>Queued and due, or lost, to running. Parameters $1 to $4: the worker, the lease, the type, the type's attempts.</summary>
    /// <remarks>
    /// The last attempt of a lost job goes on uncharged: the job did not fail. How often a job is tried is the type's to say, by
    /// this worker's version of it: it may have changed since the row was written, and who wrote a row for a message that
    /// failed didn't know.
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

    /// <summary>Running to succeeded, by its worker.</summary>
    public const string Succeed = $"status = {JobState.Succeeded}, {Ended}, {WithoutError}, progress = 1";

    /// <summary>Running to queued, by its worker, the attempt charged; $3 to $6: the wait, and the error's type, title and detail.</summary>
    public const string Retry = $"""
        {QueueUnlessCancelled},
        error_type = case when cancel_requested then null else $4 end, error_title = case when cancel_requested then null else $5 end,
        error_detail = case when cancel_requested then null else $6 end
        """;

    /// <summary>Running to queued, by its worker, the attempt not charged; $3 and $4: the wait, and the outages to count.</summary>
    public const string Release = $"{QueueUnlessCancelled}, attempt = j.attempt - 1, outages = j.outages + $4, progress = null";

    /// <summary>Lost to queued, by the sweep. The fencing token rises with the claim that follows; until then the status keeps the lost worker out.</summary>
    public const string ReleaseLost = $"{Enqueued}, lost_leases = j.lost_leases + 1, attempt = j.attempt - 1, due_at = now(), sends = 1, progress = null";

    /// <summary>To failed; what sets it gives the error too. By the job's worker, or with <see cref="ByAnother"/>.</summary>
    public const string Fail = $"status = {JobState.Failed}, {Ended}";

    /// <summary>To cancelled. By the job's worker, or with <see cref="ByAnother"/>.</summary>
    public const string Cancel = $"status = {JobState.Cancelled}, {Ended}, {WithoutError}";

    /// <summary>Failed or cancelled to queued, for whoever asks for it: all attempts anew.</summary>
    public const string Requeue = $"""
        {Enqueued}, {ByAnother}, {WithoutError}, due_at = now(), sends = 0,
        attempt = 0, outages = 0, lost_leases = 0, progress = null, started_at = null
        """;

    /// <summary>By another than the job's worker.</summary>
    public const string ByAnother = "fence = j.fence + 1";

    // The constraints of 0001_jobs.sql: a lease is a running job's, a due time a queued one's, an end a finished one's.
    private const string WithoutLease = "worker = null, lease_until = null";
    private const string Enqueued = $"status = {JobState.Queued}, {WithoutLease}, finished_at = null";
    private const string Ended = $"{WithoutLease}, due_at = null, finished_at = now()";
    private const string WithoutError = "error_type = null, error_title = null, error_detail = null";

    // A job that somebody wants cancelled is not queued again: it ends here.
    private const string QueueUnlessCancelled = $"""
        {WithoutLease}, status = case when cancel_requested then {JobState.Cancelled} else {JobState.Queued} end,
        finished_at = case when cancel_requested then now() end, due_at = case when cancel_requested then null else now() + $3 end
        """;
}
