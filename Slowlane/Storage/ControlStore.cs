using Slowlane.Jobs;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>What callers may do to a job: cancel it, have it tried again. The database alone decides.</summary>
internal sealed class ControlStore(Database database, JobReader jobs)
{
    // One snapshot, one decision: a job without a row is written as cancelled, a queued one is cancelled, of a running
    // one its end is asked, a finished one is shown. No branch waits for a row that a worker is just writing to (an
    // insert would, even one that does nothing on conflict). What another statement changed meanwhile falls through
    // every branch, and is looked at again.
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

    // Cancelled without an input: its first message is still to come, and brings it.
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

    /// <summary>Cancels a job, or asks its worker to. Returns its row: cancelled now or before, running still, or finished otherwise; null when there is no such job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="type">Its type, if that is known.</param>
    /// <param name="mayWait">Whether an id without a row means a job that waits in the queue.</param>
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

    /// <summary>Queues a failed or cancelled job anew. Null when it is neither, or its input is gone. Not awaken: its first message is still to come.</summary>
    public async Task<(JobRow Row, bool Enqueued)?> RetryAsync(JobId id, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(Retry, id.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (JobRow.Read(reader), reader.GetBoolean(12)) : null;
    }

    /// <summary>Which of these running jobs somebody wants ended.</summary>
    public async Task<List<JobId>> AskedAsync(IEnumerable<JobId> running, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "select job_id from slowlane.cancellation where job_id = any($1)", running.Select(id => id.Value).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var asked = new List<JobId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            asked.Add(JobId.FromRow(reader.GetGuid(0)));
        }

        return asked;
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
