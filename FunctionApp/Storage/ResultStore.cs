using System.Globalization;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Running;

namespace Slowlane.Storage;

/// <summary>Writes what jobs came to. The fencing token is checked in the same transaction: who lost the lease writes nothing.</summary>
internal sealed class ResultStore(Database database, ResultBlobs results, LeaseStore leases, SlowlaneOptions options)
{
    private const string Mark = $"""
        with {OutcomeStore.HeldOnes},
        marked as (
            update slowlane.job j set status = 'succeeded', {OutcomeStore.Released}, progress = 1, finished_at = now(), error_type = null, error_title = null, error_detail = null
            from held where j.id = held.id returning j.id)
        insert into slowlane.result (job_id, body, blob)
        select id, body, blob from marked join unnest($1, $3::text[], $4::text[]) as g (id, body, blob) using (id)
        returning job_id
        """;

    /// <summary>Writes the result and marks the job succeeded, in one transaction.</summary>
    /// <exception cref="LeaseLostException">The token is not ours any more; nothing was written.</exception>
    public async Task SucceedAsync(Claim claim, Computed computed, CancellationToken cancellationToken)
    {
        var written = await SucceedAsync([(claim, computed)], (_, transaction, token) => computed.WriteAsync(transaction, token), cancellationToken);
        if (!written.Contains(claim.Id))
        {
            throw new LeaseLostException();
        }
    }

    /// <summary>Writes the results of jobs of one type and marks them succeeded, in one transaction.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="writeAsync">The type's own write, of those that are still ours.</param>
    /// <param name="cancellationToken">Ends the call; a commit may have happened.</param>
    /// <returns>The jobs that are written, now or by a try whose answer was lost. The token of the others is not ours any more: nothing of them was written.</returns>
    public async Task<IReadOnlySet<JobId>> SucceedAsync(
        IReadOnlyList<(Claim Claim, Computed Computed)> jobs, Func<IReadOnlyList<Computed>, NpgsqlTransaction, CancellationToken, Task> writeAsync, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);

        // Before the transaction: no row stays locked while a large result travels.
        var blobs = await StoreLargeAsync(jobs, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        HashSet<JobId> written = [];
        try
        {
            written = await MarkAsync(jobs, blobs, transaction, cancellationToken);
            if (written.Count > 0)
            {
                await writeAsync([.. jobs.Where(job => written.Contains(job.Claim.Id)).Select(job => job.Computed)], transaction, cancellationToken);
            }
        }
        catch (Exception e) when (!Outage.Is(e))
        {
            // Only where no row can name it: a try before this one may have been committed, its answer lost. And after
            // an outage the same result is written again.
            await DiscardAsync(jobs, blobs, claim => written.Contains(claim.Id), cancellationToken);
            throw;
        }

        if (written.Count > 0)
        {
            await CommitAsync(jobs[0].Claim.Type, transaction, cancellationToken); // Not in the try: where its answer is lost, it may have happened.
        }

        if (written.Count < jobs.Count)
        {
            // A commit whose answer was lost with the connection is tried again: then the row already says succeeded, with our token.
            written.UnionWith(await leases.WrittenAsync([.. jobs.Select(job => job.Claim).Where(claim => !written.Contains(claim.Id))], cancellationToken));
            await DiscardAsync(jobs, blobs, claim => !written.Contains(claim.Id), cancellationToken);
        }

        return written;
    }

    private async Task<string?[]> StoreLargeAsync(IReadOnlyList<(Claim Claim, Computed Computed)> jobs, CancellationToken cancellationToken)
    {
        var blobs = new string?[jobs.Count];
        for (var i = 0; i < blobs.Length; i++)
        {
            blobs[i] = await results.StoreLargeAsync(jobs[i].Claim, jobs[i].Computed.Json, cancellationToken);
        }

        return blobs;
    }

    private async Task DiscardAsync(IReadOnlyList<(Claim Claim, Computed Computed)> jobs, string?[] blobs, Func<Claim, bool> which, CancellationToken cancellationToken)
    {
        for (var i = 0; i < blobs.Length; i++)
        {
            if (blobs[i] is not null && which(jobs[i].Claim))
            {
                await results.DiscardAsync(blobs[i], cancellationToken);
            }
        }
    }

    // Before the type writes: the row locks keep another claim out until the commit, and a lost lease costs no writing.
    private async Task<HashSet<JobId>> MarkAsync(
        IReadOnlyList<(Claim Claim, Computed Computed)> jobs, string?[] blobs, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new(Mark)
                {
                    Parameters =
                    {
                        new() { Value = Each(jobs, job => job.Claim.Id.Value) },
                        new() { Value = Each(jobs, job => job.Claim.Fence) },
                        new() { Value = jobs.Select((job, i) => blobs[i] is null ? job.Computed.Json : null).ToArray() },
                        new() { Value = blobs },
                    },
                },
                new("select set_config('idle_in_transaction_session_timeout', $1, true)") // A worker that stands still in its write, its machine lost perhaps, holds the rows no longer than a lease.
                {
                    Parameters = { new() { Value = options.Lease.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) } },
                },
                new(JobRole.TakeUntilCommit), // What the job type writes from here on, it writes under its own role; deferred triggers too.
            },
        };
        if (jobs.Where(job => job.Computed.OfParts).Select(job => job.Claim.Id.Value).ToArray() is { Length: > 0 } ofParts)
        {
            // Merged, the parts have done their work; and those of attempts before can do none.
            batch.BatchCommands.Insert(1, new NpgsqlBatchCommand("delete from slowlane.part where job_id = any ($1)") { Parameters = { new() { Value = ofParts } } });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var marked = new HashSet<JobId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            marked.Add(JobId.FromRow(reader.GetGuid(0)));
        }

        while (await reader.NextResultAsync(cancellationToken))
        {
            // What the other commands fail with, they throw here.
        }

        return marked;
    }

    // After a statement that failed, a commit is a rollback, and none that fails: a type that went on regardless would
    // have written nothing and be told that all is well. So another statement goes before it, on the same way to the server.
    private static async Task CommitAsync(RegisteredType type, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction) { BatchCommands = { new("select"), new("commit") } };
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InFailedSqlTransaction)
        {
            throw new JobException("write-incomplete", "The job's write did not succeed.", $"A statement in the write of job type '{type.Name}' failed and the type went on, so nothing was written. Let the type throw, or write such a statement under a savepoint.", e) { MayPass = true };
        }
    }

    private static TPart[] Each<T, TPart>(IReadOnlyList<T> all, Func<T, TPart> part) => [.. all.Select(part)];
}
