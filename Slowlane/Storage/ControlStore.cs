using Slowlane.Jobs;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>Cancels and retries jobs for callers. The database alone decides the outcome.</summary>
internal sealed class ControlStore(Database database, JobReader jobs)
{
    // The statement decides on one snapshot. It writes a job without a row as cancelled, cancels a queued job, records the
    // request for a running job, and shows a finished job. No branch waits for a row that a worker is writing to (an insert
    // would, even with "on conflict do nothing"). A row that another statement changed meanwhile matches no branch, and the
    // caller looks again.
    private const string Cancel = $"""
        with seen as (
            select * from slowlane.job where id = $1),
        inserted as (
            insert into slowlane.job (id, type, status, attempt, max_attempts, fence, created_at, finished_at)
            select $1::uuid, $2, {JobState.Cancelled}, 0, $3::integer, 0, $4::timestamptz, now()
            where $5 and not exists (select 1 from seen) and not exists (select 1 from slowlane.purged where id = $1)
            on conflict (id) do nothing
            returning *),
        ended as (
            update slowlane.job as j set {JobTransition.Cancel}, {JobTransition.ByAnother}
            where j.id = $1 and {JobState.IsDueSometime}
            returning *),
        requested as (
            insert into slowlane.cancellation (job_id) select j.id from seen j where {JobState.IsRunning}
            on conflict (job_id) do nothing)
        select {JobRow.Columns} from inserted
        union all select {JobRow.Columns} from ended
        union all select {JobRow.Columns} from seen j where not {JobState.IsQueued}
        """;

    // A job that was cancelled without an input gets it from its first message, which is still to come.
    private const string Retry = $"""
        with requeued as (
            update slowlane.job as j set {JobTransition.Requeue}
            where j.id = $1 and ({JobState.IsCancelled} or ({JobState.IsFailed} and {JobState.HasInput}))
            returning *),
        control as (
            delete from slowlane.cancellation where job_id in (select id from requeued)),
        tombstone as (
            delete from slowlane.purged where id in (select id from requeued))
        select {JobRow.Columns}, {JobState.HasInput} from requeued j
        """;

    /// <summary>
    /// Cancels a job, or requests its cancellation from its worker. Returns the row: cancelled, still running, or finished
    /// otherwise. Returns null if there is no such job.
    /// </summary>
    /// <param name="id">The job.</param>
    /// <param name="type">The job's type, if it is known.</param>
    /// <param name="mayWait">Whether an id without a row stands for a job that waits in the queue.</param>
    /// <param name="cancellationToken">Ends the call; the job may be cancelled all the same.</param>
    public async Task<JobRow?> CancelAsync(JobId id, JobDefinition? type, bool mayWait, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryCancelAsync(id, type, mayWait, cancellationToken) is { } row)
            {
                return row;
            }

            if (await jobs.FindAsync(id, cancellationToken) is null && (!mayWait || await jobs.IsPurgedAsync(id, cancellationToken)))
            {
                return null;
            }
        }
    }

    /// <summary>
    /// Queues a failed or cancelled job again. Returns null if the job is neither, or its input is gone. The job is not enqueued
    /// if its first message is still to come.
    /// </summary>
    public async Task<(JobRow Row, bool Enqueued)?> RetryAsync(JobId id, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(Retry, id.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (JobRow.Read(reader), reader.GetBoolean(12)) : null;
    }

    /// <summary>Returns those of the running jobs whose cancellation is requested.</summary>
    public async Task<List<JobId>> CancelRequestedAsync(IEnumerable<JobId> running, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "select job_id from slowlane.cancellation where job_id = any($1)", running.Select(id => id.Value).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var requested = new List<JobId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            requested.Add(JobId.FromRow(reader.GetGuid(0)));
        }

        return requested;
    }

    private async Task<JobRow?> TryCancelAsync(JobId id, JobDefinition? type, bool mayWait, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(
            Cancel, id.Value, type?.Name ?? "unknown", type?.Options.MaxAttempts ?? 1, id.CreatedAt, mayWait);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? JobRow.Read(reader) : null;
    }
}
