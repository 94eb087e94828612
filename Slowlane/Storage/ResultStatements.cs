using System.Globalization;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>The SQL of <see cref="ResultStore"/>.</summary>
internal static class ResultStatements
{
    private const string MarkHeld = $"""
        with {OutcomeStore.HeldOnes},
        marked as (
            update slowlane.job j set {JobTransition.Succeed}
            from held where j.id = held.id returning j.id)
        insert into slowlane.result (job_id, body, blob)
        select id, body, blob from marked join unnest($1, $3::text[], $4::text[]) as g (id, body, blob) using (id)
        returning job_id
        """;

    // A worker that stands still in its write, its machine lost perhaps, holds the rows no longer than a lease.
    private const string LimitStandstill = "select set_config('idle_in_transaction_session_timeout', $1, true)";

    // Merged, the parts have done their work; and those of attempts before can do none.
    private const string ForgetParts = "delete from slowlane.part where job_id = any ($1)";

    /// <summary>Marks the jobs that are still ours succeeded, stores their results and returns their ids; what follows in the transaction is the job type's.</summary>
    public static NpgsqlBatch Mark(ResultBatch results, NpgsqlTransaction transaction, TimeSpan lease)
    {
        var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Command(
            MarkHeld,
            results.Jobs.Select(job => job.Claim.Id.Value).ToArray(),
            results.Jobs.Select(job => job.Claim.Fence).ToArray(),
            results.Jobs.Select((job, i) => results.Blobs[i] is null ? job.Computed.Json : null).ToArray(),
            results.Blobs));
        if (results.Jobs.Where(job => job.Computed.OfParts).Select(job => job.Claim.Id.Value).ToArray() is { Length: > 0 } ofParts)
        {
            batch.BatchCommands.Add(Command(ForgetParts, ofParts));
        }

        batch.BatchCommands.Add(Command(LimitStandstill, lease.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture)));
        batch.BatchCommands.Add(Command(JobRole.TakeUntilCommit)); // What the job type writes from here on, it writes under its own role; deferred triggers too.
        return batch;
    }

    /// <summary>
    /// Commits. After a statement that failed, a commit is a rollback, and none that fails: a type that went on regardless would
    /// have written nothing and be told that all is well. So another statement goes before it, on the same way to the server.
    /// </summary>
    public static NpgsqlBatch Commit(NpgsqlTransaction transaction)
        => new(transaction.Connection, transaction) { BatchCommands = { new("select"), new("commit") } };

    private static NpgsqlBatchCommand Command(string sql, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
