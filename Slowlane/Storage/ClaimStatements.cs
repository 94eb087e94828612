using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>
/// The SQL of <see cref="ClaimStore"/>. Parameters $1 to $4 are the worker, the lease, the type and its maximum of attempts; $5
/// and later name the jobs.
/// </summary>
internal static class ClaimStatements
{
    // The claim skips a job with a requested cancellation, because the sweep ends it. It skips a job of a paused type, because the resume wakes it.
    private const string Take = $"""
        {JobTransition.Claim}
        where ({JobState.IsDue} or {JobState.IsLost})
        and not exists (select 1 from slowlane.cancellation c where c.job_id = j.id)
        and not {Paused}
        """;

    // Evaluated once per statement; the table is nearly always empty.
    private const string Paused = "exists (select 1 from slowlane.paused where type = $3 and resumed_at is null)";

    // A subquery sees the row as it was before the statement: with the time when the job was due, or when the lease of its last
    // worker ended. A new job has neither, and waits since its creation.
    private const string Waited = "extract(epoch from now() - coalesce((select coalesce(w.due_at, w.lease_until) from slowlane.job w where w.id = j.id), j.created_at))::double precision";

    private const string Returning = $" returning j.id, attempt, fence, outages, input, input_blob, {JobState.IsRunning}, trace, {Waited}";

    // A new job of a paused type is recorded as queued and not taken: its message has done its work. The statement locks rows in
    // the order of their ids. So two workers whose messages name the same jobs, and a worker that renews or writes some of them,
    // never wait for each other.
    public const string TakeNew = $"""
        insert into slowlane.job as j
            (id, type, status, attempt, max_attempts, fence, worker, lease_until, due_at, input, input_blob, created_at, started_at, trace)
        select m.id, $3, case when paused then {JobState.Queued} else {JobState.Running} end, case when paused then 0 else 1 end, $4::integer, 1,
            case when not paused then $1 end, case when not paused then now() + $2::interval end, case when paused then now() end,
            m.input, m.blob, m.created_at, case when not paused then now() end, m.trace
        from {Given}, (select {Paused} as paused) as pause
        where not exists (select 1 from slowlane.purged p where p.id = m.id)
        order by m.id
        on conflict (id) do update set
        input        = coalesce(j.input, excluded.input),
        input_blob   = coalesce(j.input_blob, excluded.input_blob),
        trace        = coalesce(j.trace, excluded.trace),
        {Take}{Returning}
        """;

    public const string TakeKnown = $"update slowlane.job as j set {Take} and j.id = $5 and {JobState.HasInput}{Returning}";

    // Completes a job that was cancelled before its message came: only the message has the job's type and input, and a retry needs them.
    public const string Complete = $"""
        update slowlane.job as j set type = $3, max_attempts = $4, input = m.input, input_blob = m.blob, trace = m.trace
        from {Given}
        where j.id = m.id and j.id in (select j.id from slowlane.job j where j.id = any ($5) and {JobState.LacksInput} order by j.id for no key update)
        returning j.id, {JobState.IsQueued}
        """;

    // A trigger or a rule of others on the table may keep a row from being written, without an error. $1 are jobs that were refused, $2 is their
    // type. One of them has no row then, or one that can be taken and could be half a second ago, when it was tried at the latest.
    public const string Dropped = $"""
        select exists (
            select from unnest($1::uuid[]) as m (id) left join slowlane.job j on j.id = m.id
            where (j.id is null and not exists (select 1 from slowlane.purged p where p.id = m.id))
                or ((({JobState.IsQueued} and j.due_at < now() + interval '0.5 seconds') or ({JobState.IsRunning} and j.lease_until < now() - interval '0.5 seconds'))
                    and not exists (select 1 from slowlane.cancellation c where c.job_id = j.id)
                    and not exists (select 1 from slowlane.paused where type = $2 and resumed_at is null)))
        """;

    private const string Given = "unnest($5::uuid[], $6::text[], $7::text[], $8::timestamptz[], $9::text[]) as m (id, input, blob, created_at, trace)";
}
