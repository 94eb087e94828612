using System.Globalization;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>The SQL of <see cref="ResultStore"/>.</summary>
internal static class ResultStatements
{
    private const string MarkLeased = $"""
        with {OutcomeStore.LeasedRows},
        marked as (
            update slowlane.job j set {JobTransition.Succeed}
            from leased where j.id = leased.id returning j.id)
        insert into slowlane.result (job_id, body, blob)
        select id, body, blob from marked join unnest($1, $3::text[], $4::text[]) as g (id, body, blob) using (id)
        returning job_id
        """;

    // A trigger or a rule of others on the tables may keep a row from being written, without an error.
    private const string Dropped = $"""
        select exists (
            select from unnest($1::uuid[], $2::bigint[]) as g (id, fence) join slowlane.job j on j.id = g.id and j.fence = g.fence
            where {JobState.IsRunning} or ({JobState.IsSucceeded} and not exists (select from slowlane.result r where r.job_id = g.id)))
        """;

    // Limits how long a worker that stops in the middle of its write, such as on a lost machine, keeps the rows locked: one lease.
    private const string LimitIdleTransaction = "select set_config('idle_in_transaction_session_timeout', $1, true)";

    // Merged partitions are no longer needed. Partitions of earlier attempts are never used.
    private const string DeletePartitions = "delete from slowlane.part where job_id = any ($1)";

    /// <summary>
    /// Marks the jobs whose lease this worker still has as succeeded, stores their results and returns their ids. The rest of the
    /// transaction belongs to the job type.
    /// </summary>
    public static NpgsqlBatch Mark(ResultBatch results, NpgsqlTransaction transaction, TimeSpan lease)
    {
        var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Statement.Of(
            MarkLeased,
            results.Jobs.Column(job => job.Claim.Id.Value),
            results.Jobs.Column(job => job.Claim.Fence),
            results.Jobs.Select((job, i) => results.Blobs[i] is null ? job.Computed.Json : null).ToArray(),
            results.Blobs));
        if (results.Jobs.Where(job => job.Computed.Partitioned).Select(job => job.Claim.Id.Value).ToArray() is { Length: > 0 } partitioned)
        {
            batch.BatchCommands.Add(Statement.Of(DeletePartitions, partitioned));
        }

        batch.BatchCommands.Add(Statement.Of(LimitIdleTransaction, lease.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture)));
        batch.BatchCommands.Add(Statement.Of(JobRole.TakeUntilCommit)); // From here on the job type writes under its own role, and so do deferred triggers.
        return batch;
    }

    /// <summary>Asks, after <see cref="Mark"/> returned fewer jobs than it was given, whether a row of one whose lease this worker still has was dropped.</summary>
    public static NpgsqlBatch AskForDropped(IReadOnlyList<Claim> unmarked, NpgsqlTransaction transaction) => new(transaction.Connection, transaction)
    {
        BatchCommands =
        {
            new(JobRole.GiveUp),
            Statement.Of(Dropped, unmarked.Column(claim => claim.Id.Value), unmarked.Column(claim => claim.Fence)),
            new(JobRole.TakeUntilCommit),
        },
    };

    /// <summary>
    /// Commits. After a failed statement PostgreSQL turns a commit into a rollback without an error. A type that ignored such a
    /// failure would have written nothing, and its job would count as succeeded. So another statement, which fails in that state,
    /// goes before the commit in the same round trip.
    /// </summary>
    public static NpgsqlBatch Commit(NpgsqlTransaction transaction)
        => new(transaction.Connection, transaction) { BatchCommands = { new("select"), new("commit") } };
}
