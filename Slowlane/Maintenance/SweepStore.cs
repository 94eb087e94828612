using Npgsql;
using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Storage.Transitions;

namespace Slowlane.Maintenance;

/// <summary>A queued job whose message must be sent, for the first time or again.</summary>
internal sealed record JobToEnqueue(JobId Id, string Type);

/// <summary>Finds jobs whose worker vanished and jobs whose message is missing.</summary>
internal sealed class SweepStore(Database database, SlowlaneOptions options)
{
    /// <summary>How many workers may vanish with a job before the job counts as the cause.</summary>
    public const int MaxLostLeases = 5;

    /// <summary>The maximum of jobs of each kind in one run. The next run continues.</summary>
    public const int Batch = 500;

    private static readonly TimeSpan MaxFirstWait = TimeSpan.FromSeconds(30);

    // These statements first find rows and then change them by id. After a burst of jobs a planner's statistics are old, and it
    // must not start with the table of jobs. So these statements, and those below, fix where it starts.

    // The job itself may have killed the vanished workers, so the number of its lost leases is limited.
    private const string FailLost = $"""
        update slowlane.job as j set {JobTransition.Fail}, {JobTransition.ByAnother},
            error_type = 'worker-lost', error_title = 'The worker vanished, again and again.',
            error_detail = format('%s workers vanished while they ran this job; it may need more memory or time than they have.', j.lost_leases + 1)
        where j.id = any (array(select j.id from slowlane.job j where {JobState.IsLost} and j.lost_leases + 1 >= $1
                              order by j.lease_until limit $2 for update skip locked))
        """;

    // The job's first message had the input and is gone: for example, a worker of an older version has taken it. If the message
    // comes after all, the claim completes the row, and the job can be retried once more.
    private const string FailWithoutInput = $"""
        update slowlane.job as j set {JobTransition.Fail}, {JobTransition.ByAnother},
            error_type = 'input-missing', error_title = 'The input is gone.',
            error_detail = 'The job was cancelled before its message came and then retried; the message that holds its input did not come within a day. Submit the job again.'
        where j.id = any (array(select j.id from slowlane.job j
                              where {JobState.IsQueued} and {JobState.LacksInput} and j.due_at < now() - interval '1 day'
                              order by j.due_at limit $1 for update skip locked))
        """;

    private const string ReleaseLost = $"""
        update slowlane.job as j set {JobTransition.ReleaseLost}
        where j.id = any (array(select j.id from slowlane.job j where {JobState.IsLost}
                              order by j.lease_until limit $1 for update skip locked))
        returning id, type
        """;

    // The job's message is overdue: it is lost, or hidden since its receiver died. It may also wait behind others. The send time
    // of the next message in the queue tells: if that message was sent later, it has overtaken this one. (A few seconds lie
    // between a row and its message.) The receiver may also still be busy with the message, so each further send waits twice as
    // long, up to an hour. The exponent is bounded, because an interval that overflows would fail the whole sweep. A job without
    // an input was cancelled and retried before its first message came, and that message is still to come. The statement goes
    // type by type, so that it does not read the jobs that wait for a pause and are woken by the resume.
    private const string ResendDue = $"""
        update slowlane.job set sends = sends + 1, due_at = now()
        where id = any (array(
            with recursive kind (name) as (
                (select j.type from slowlane.job j where {JobState.IsQueued} order by j.type limit 1)
                union all
                select (select j.type from slowlane.job j where {JobState.IsQueued} and j.type > kind.name order by j.type limit 1) from kind where kind.name is not null)
            select late.id
            from kind left join slowlane.paused p on p.type = kind.name cross join lateral (
                select j.id, j.due_at from slowlane.job j
                where j.type = kind.name and {JobState.IsQueued} and {JobState.HasInput}
                and j.due_at < now() - $2 and j.due_at < now() - least($2 * power(2, least(j.sends, 12)), interval '1 hour')
                and ($3::timestamptz is null or j.due_at < $3 - interval '5 seconds')
                and j.due_at > case when p.type is null then '-infinity' else coalesce(p.resumed_at, 'infinity') end
                order by j.due_at limit $1 for update skip locked) as late
            order by late.due_at limit $1))
        returning id, type
        """;

    // A job is woken once for each pause, because afterwards it is due later than the resume. The pause of a type without such jobs is deleted.
    private const string WakePaused = $"""
        with forgotten as (
            delete from slowlane.paused p where p.resumed_at is not null and (
                select true from slowlane.job j
                where j.type = p.type and {JobState.IsQueued} and j.due_at <= p.resumed_at and {JobState.HasInput} limit 1) is null)
        update slowlane.job set due_at = now(), sends = 1
        where id = any (array(
            select waiting.id
            from slowlane.paused p cross join lateral (
                select j.id, j.due_at from slowlane.job j
                where j.type = p.type and {JobState.IsQueued} and j.due_at <= p.resumed_at and {JobState.HasInput}
                order by j.due_at limit $1 for update skip locked) as waiting
            order by waiting.due_at limit $1))
        returning id, type
        """;

    // Cancels jobs with a requested cancellation that are queued or whose worker is gone.
    private const string CancelLost = $"""
        update slowlane.job as j set {JobTransition.Cancel}, {JobTransition.ByAnother}
        where j.id = any (array(select j.id from slowlane.job j
                              where j.id = any (array(select job_id from slowlane.cancellation))
                              and ({JobState.IsDueSometime} or {JobState.LeaseIsOver})
                              limit $1 for update skip locked))
        """;

    private const string DeleteFinishedCancellations = """
        delete from slowlane.cancellation c where (select j.finished_at is not null from slowlane.job j where j.id = c.job_id)
        """;

    // Deletes the partitions of attempts that ended before the merge. The next sweep finds a partition that is being saved now.
    private const string DeletePartitions = $"""
        delete from slowlane.part where (job_id, fence, part) in (
            select p.job_id, p.fence, p.part from slowlane.part p
            where not exists (select 1 from slowlane.job j where j.id = p.job_id and j.fence = p.fence and {JobState.IsRunning})
            limit $1 for update skip locked)
        """;

    /// <summary>Cancels the jobs with a requested cancellation that no worker has. Returns their number.</summary>
    public async Task<int> CancelLostAsync(CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var delete = database.Command(DeleteFinishedCancellations);
        await delete.ExecuteNonQueryAsync(cancellationToken);
        await using var cancel = database.Command(CancelLost, Batch);
        return await cancel.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Fails the jobs that lost too many workers, or whose input never came. Returns their number.</summary>
    public async Task<int> FailLostAsync(CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var lost = database.Command(FailLost, MaxLostLeases, Batch);
        await using var empty = database.Command(FailWithoutInput, Batch);
        return await lost.ExecuteNonQueryAsync(cancellationToken) + await empty.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes the partitions of attempts that are over. Returns their number.</summary>
    public async Task<int> PurgePartitionsAsync(CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var delete = database.Command(DeletePartitions, Batch);
        return await delete.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Queues the jobs whose lease is over. Returns those that need a message.</summary>
    public Task<List<JobToEnqueue>> ReleaseLostAsync(CancellationToken cancellationToken) => ReadJobsAsync(database.Command(ReleaseLost, Batch), cancellationToken);

    /// <summary>Returns the queued jobs whose message is overdue.</summary>
    /// <param name="nextSent">When the next message in the queue was sent; null if none waits.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<List<JobToEnqueue>> ResendDueAsync(DateTimeOffset? nextSent, CancellationToken cancellationToken)
    {
        var first = options.Lease < MaxFirstWait ? options.Lease : MaxFirstWait;
        return ReadJobsAsync(database.Command(ResendDue, Batch, first, nextSent), cancellationToken);
    }

    /// <summary>Returns jobs that waited for a pause which is over, the longest waiting first.</summary>
    public Task<List<JobToEnqueue>> WakePausedAsync(int limit, CancellationToken cancellationToken) => ReadJobsAsync(database.Command(WakePaused, limit), cancellationToken);

    private static async Task<List<JobToEnqueue>> ReadJobsAsync(NpgsqlBatch command, CancellationToken cancellationToken)
    {
        var jobs = new List<JobToEnqueue>();
        await using var disposed = command;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            jobs.Add(new JobToEnqueue(JobId.FromRow(reader.GetGuid(0)), reader.GetString(1)));
        }

        return jobs;
    }
}
