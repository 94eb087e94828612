using System.Globalization;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Running;

namespace Slowlane.Storage;

/// <summary>Writes how an attempt ended. Every statement checks the fencing token: who lost the lease writes nothing.</summary>
internal sealed class OutcomeStore(Database database, ResultBlobs results, SlowlaneOptions options)
{
    private const string Held = "where id = $1 and fence = $2 and status = 'running'";

    private const string Released = "worker = null, lease_until = null";

    /// <summary>Writes the result and marks the job succeeded, in one transaction.</summary>
    /// <exception cref="LeaseLostException">The token is not ours any more; nothing was written.</exception>
    public async Task SucceedAsync(Claim claim, Computed computed, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);

        // Before the transaction: no row stays locked while a large result travels.
        var blob = await results.StoreLargeAsync(claim, computed.Json, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var marked = false;
        try
        {
            marked = await MarkAsync(claim, computed, blob, transaction, cancellationToken);
            if (!marked)
            {
                await RequireAlreadyWrittenAsync(claim, cancellationToken);
                return;
            }

            await computed.WriteAsync(transaction, cancellationToken);
        }
        catch (Exception e) when (e is LeaseLostException || (marked && !Outage.Is(e)))
        {
            // Only where no row can name it: a try before this one may have been committed, its answer lost. And after
            // an outage the same result is written again.
            await results.DiscardAsync(blob, cancellationToken);
            throw;
        }

        await CommitAsync(claim, transaction, cancellationToken); // Not in the try: where its answer is lost, it may have happened.
    }

    /// <summary>Queues the job again, the attempt charged. False when it isn't: cancelled meanwhile, or the lease no longer ours.</summary>
    public Task<bool> RetryAsync(Claim claim, TimeSpan after, JobError error, CancellationToken cancellationToken) => ReleaseAsync(
        "error_type = case when asked then null else $4 end, error_title = case when asked then null else $5 end, error_detail = case when asked then null else $6 end",
        [claim.Id.Value, claim.Fence, after, error.Type, error.Title, error.Detail],
        cancellationToken);

    /// <summary>Queues the job again, the attempt not charged; counts the outages that cut it off. False as for <see cref="RetryAsync"/>.</summary>
    public Task<bool> HandBackAsync(Claim claim, TimeSpan after, int outages, CancellationToken cancellationToken) => ReleaseAsync(
        "attempt = attempt - 1, outages = outages + $4, progress = null",
        [claim.Id.Value, claim.Fence, after, outages],
        cancellationToken);

    /// <summary>Fails the job for good. False when the lease is no longer ours.</summary>
    public Task<bool> FailAsync(Claim claim, JobError error, CancellationToken cancellationToken) => ChangeAsync(
        $"update slowlane.job set status = 'failed', {Released}, finished_at = now(), error_type = $3, error_title = $4, error_detail = $5 {Held} returning true",
        [claim.Id.Value, claim.Fence, error.Type, error.Title, error.Detail],
        cancellationToken);

    /// <summary>Cancels the job. False when the lease is no longer ours, or the job's commit had already landed.</summary>
    public Task<bool> CancelAsync(Claim claim, CancellationToken cancellationToken) => ChangeAsync(
        $"update slowlane.job set status = 'cancelled', {Released}, finished_at = now(), error_type = null, error_title = null, error_detail = null {Held} returning true",
        [claim.Id.Value, claim.Fence],
        cancellationToken);

    // A job that somebody wants cancelled is not queued again: it ends here.
    private Task<bool> ReleaseAsync(string set, object?[] parameters, CancellationToken cancellationToken) => ChangeAsync(
        $"""
        update slowlane.job set {Released}, {set},
            status      = case when asked then 'cancelled' else 'queued' end,
            finished_at = case when asked then now() end,
            due_at      = case when asked then null else now() + $3 end
        from (select exists (select 1 from slowlane.cancellation where job_id = $1) as asked) as wish
        {Held} returning not asked
        """,
        parameters,
        cancellationToken);

    private async Task<bool> ChangeAsync(string sql, object?[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    // Before the type writes: the row lock keeps another claim out until the commit, and a lost lease costs no writing.
    private async Task<bool> MarkAsync(Claim claim, Computed computed, string? blob, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new($"""
                    with job as (
                        update slowlane.job set status = 'succeeded', {Released}, progress = 1, finished_at = now(), error_type = null, error_title = null, error_detail = null
                        {Held} returning id)
                    insert into slowlane.result (job_id, body, blob) select id, $3::text, $4::text from job
                    """)
                {
                    Parameters = { new() { Value = claim.Id.Value }, new() { Value = claim.Fence }, new() { Value = blob is null ? computed.Json : DBNull.Value }, new() { Value = (object?)blob ?? DBNull.Value } },
                },
                new("select set_config('idle_in_transaction_session_timeout', $1, true)") // A worker that stands still in its write, its machine lost perhaps, holds the row no longer than a lease.
                {
                    Parameters = { new() { Value = options.Lease.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) } },
                },
                new(JobRole.TakeUntilCommit), // What the job type writes from here on, it writes under its own role; deferred triggers too.
            },
        };
        if (computed.OfParts)
        {
            // Merged, the parts have done their work; and those of attempts before can do none.
            batch.BatchCommands.Insert(1, new NpgsqlBatchCommand("delete from slowlane.part where job_id = $1") { Parameters = { new() { Value = claim.Id.Value } } });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    // After a statement that failed, a commit is a rollback, and none that fails: a type that went on regardless would
    // have written nothing and be told that all is well. So another statement goes before it, on the same way to the server.
    private static async Task CommitAsync(Claim claim, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction) { BatchCommands = { new("select"), new("commit") } };
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InFailedSqlTransaction)
        {
            throw new JobException("write-incomplete", "The job's write did not succeed.", $"A statement in the write of job type '{claim.Type.Name}' failed and the type went on, so nothing was written. Let the type throw, or write such a statement under a savepoint.", e) { MayPass = true };
        }
    }

    // A commit whose answer was lost with the connection is tried again: then the row already says succeeded, with our token.
    private async Task RequireAlreadyWrittenAsync(Claim claim, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "select 1 from slowlane.job where id = $1 and fence = $2 and status = 'succeeded'", claim.Id.Value, claim.Fence);
        if (await command.ExecuteScalarAsync(cancellationToken) is null)
        {
            throw new LeaseLostException();
        }
    }
}
