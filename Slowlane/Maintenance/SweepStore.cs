using Npgsql;
using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Storage.Transitions;

namespace Slowlane.Maintenance;

/// <summary>A queued job whose message must be sent (again).</summary>
internal sealed record JobToEnqueue(JobId Id, string Type);

/// <summary>Finds what fell through: jobs whose worker vanished, jobs whose message is missing.</summary>
internal sealed class SweepStore(Database database, SlowlaneOptions options)
{
    /// <summary>How many workers may vanish with a job before it is taken for the cause.</summary>
    public const int MaxLostLeases = 5;

    /// <summary>One run handles this many of a kind; the next run goes on.</summary>
    public const int Batch = 500;

    private static readonly TimeSpan LongestFirstWait = TimeSpan.FromSeconds(30);

    // These statements find rows first and change them by their ids. Where a planner's figures are old, and they are when
    // a burst of jobs has come, it must not begin with the jobs; so here and below it is told where to begin.

    // A vanished worker may have been killed by the job itself, so that doesn't go on for ever.
    private const string FailLost = $"""
        update slowlane.job as j set {JobTransition.Fail}, {JobTransition.ByAnother},
            error_type = 'worker-lost', error_title = 'The worker vanished, again and again.',
            error_detail = format('%s workers vanished while they ran this job; it may need more memory or time than they have.', j.lost_leases + 1)
        where j.id = any (array(select j.id from slowlane.job j where {JobState.IsLost} and j.lost_leases + 1 >= $1
                              order by j.lease_until limit $2 for update skip locked))
        """;

    // Its first message was to bring the input, and is gone: taken by a worker of an older version, say. Should it come
    // after all, it completes the row, and the job can be retried once more.
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

    // What should have come a lease ago has not: its message is lost, or hidden since its receiver died. It may also wait
    // behind others; that is told by the message which is next: one that was sent later has overtaken it. (A few seconds
    // lie between a row and its message.) Or its receiver is still at it, so each further send waits twice as long, up to
    // an hour; the exponent is bounded, for an interval that overflows would end the whole sweep. A job without an input
    // was cancelled and retried before its first message came, which is still to come. Asked type by type, so that what a
    // pause holds back, and its resume wakes, is passed over unread.
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

    // Woken once for each pause: then it is due later than the resume. A type whose jobs are all awake is forgotten.
    private const string WakeHeld = $"""
        with forgotten as (
            delete from slowlane.paused p where p.resumed_at is not null and (
                select true from slowlane.job j
                where j.type = p.type and {JobState.IsQueued} and j.due_at <= p.resumed_at and {JobState.HasInput} limit 1) is null)
        update slowlane.job set due_at = now(), sends = 1
        where id = any (array(
            select held.id
            from slowlane.paused p cross join lateral (
                select j.id, j.due_at from slowlane.job j
                where j.type = p.type and {JobState.IsQueued} and j.due_at <= p.resumed_at and {JobState.HasInput}
                order by j.due_at limit $1 for update skip locked) as held
            order by held.due_at limit $1))
        returning id, type
        """;

    // Requested of a job whose worker is gone.
    private const string CancelLost = $"""
        update slowlane.job as j set {JobTransition.Cancel}, {JobTransition.ByAnother}
        where j.id = any (array(select j.id from slowlane.job j
                              where j.id = any (array(select job_id from slowlane.cancellation))
                              and ({JobState.IsDueSometime} or {JobState.LeaseIsOver})
                              limit $1 for update skip locked))
        """;

    private const string ForgetCancelled = """
        delete from slowlane.cancellation c where (select j.finished_at is not null from slowlane.job j where j.id = c.job_id)
        """;

    // What is left of attempts that ended before their parts were merged. A part that is saved at this very moment is found by the next sweep.
    private const string ForgetParts = $"""
        delete from slowlane.part where (job_id, fence, part) in (
            select p.job_id, p.fence, p.part from slowlane.part p
            where not exists (select 1 from slowlane.job j where j.id = p.job_id and j.fence = p.fence and {JobState.IsRunning})
            limit $1 for update skip locked)
        """;

    /// <summary>Ends the jobs that somebody wants cancelled and no worker has; returns how many.</summary>
    public async Task<int> CancelLostAsync(CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var forget = database.Command(ForgetCancelled);
        await forget.ExecuteNonQueryAsync(cancellationToken);
        await using var cancel = database.Command(CancelLost, Batch);
        return await cancel.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Fails the jobs that lost too many workers, or whose input never came; returns how many.</summary>
    public async Task<int> FailLostAsync(CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var lost = database.Command(FailLost, MaxLostLeases, Batch);
        await using var empty = database.Command(FailWithoutInput, Batch);
        return await lost.ExecuteNonQueryAsync(cancellationToken) + await empty.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes the parts of attempts that are over; returns how many.</summary>
    public async Task<int> ForgetPartsAsync(CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var forget = database.Command(ForgetParts, Batch);
        return await forget.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Queues the jobs whose lease is over.</summary>
    public Task<List<JobToEnqueue>> ReleaseLostAsync(CancellationToken cancellationToken) => WakingAsync(database.Command(ReleaseLost, Batch), cancellationToken);

    /// <summary>Picks the queued jobs whose message should have come long ago.</summary>
    /// <param name="nextSent">When the message was sent that is the next in the queue; null when none waits.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<List<JobToEnqueue>> ResendDueAsync(DateTimeOffset? nextSent, CancellationToken cancellationToken)
    {
        var first = options.Lease < LongestFirstWait ? options.Lease : LongestFirstWait;
        return WakingAsync(database.Command(ResendDue, Batch, first, nextSent), cancellationToken);
    }

    /// <summary>Picks jobs that a pause held back which is over, those that wait the longest first.</summary>
    public Task<List<JobToEnqueue>> WakeHeldAsync(int limit, CancellationToken cancellationToken) => WakingAsync(database.Command(WakeHeld, limit), cancellationToken);

    private static async Task<List<JobToEnqueue>> WakingAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var waking = new List<JobToEnqueue>();
        await using var disposed = command;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            waking.Add(new JobToEnqueue(JobId.FromRow(reader.GetGuid(0)), reader.GetString(1)));
        }

        return waking;
    }
}
