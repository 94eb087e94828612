using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>Writes what jobs came to. The fencing token is checked in the same transaction: who lost the lease writes nothing.</summary>
internal sealed class ResultStore(Database database, ResultBlobs results, LeaseStore leases, SlowlaneOptions options)
{
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
        var batch = await ResultBatch.StoreAsync(jobs, results, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var written = await WriteAsync(batch, writeAsync, transaction, cancellationToken);
        if (written.Count > 0)
        {
            await CommitAsync(jobs[0].Claim.Type, transaction, cancellationToken);
        }

        if (written.Count < jobs.Count)
        {
            // A commit whose answer was lost with the connection is tried again: then the row already says succeeded, with our token.
            written.UnionWith(await leases.WrittenAsync(batch.Without(written), cancellationToken));
            await batch.DiscardAsync(id => !written.Contains(id), cancellationToken);
        }

        return written;
    }

    // All but the commit: where the answer to that is lost, it may have happened, and nothing is to be discarded.
    private async Task<HashSet<JobId>> WriteAsync(
        ResultBatch batch, Func<IReadOnlyList<Computed>, NpgsqlTransaction, CancellationToken, Task> writeAsync, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        HashSet<JobId> written = [];
        try
        {
            written = await MarkAsync(batch, transaction, cancellationToken);
            if (written.Count > 0)
            {
                await writeAsync(batch.Of(written), transaction, cancellationToken);
            }

            return written;
        }
        catch (Exception e) when (!Outage.Is(e))
        {
            // Only where no row can name it: a try before this one may have been committed, its answer lost. And after
            // an outage the same result is written again.
            await batch.DiscardAsync(written.Contains, cancellationToken);
            throw;
        }
    }

    // Before the type writes: the row locks keep another claim out until the commit, and a lost lease costs no writing.
    private async Task<HashSet<JobId>> MarkAsync(ResultBatch results, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = ResultStatements.Mark(results, transaction, options.Lease);
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

    private static async Task CommitAsync(JobDefinition type, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = ResultStatements.Commit(transaction);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InFailedSqlTransaction)
        {
            throw new JobException("write-incomplete", "The job's write did not succeed.", $"A statement in the write of job type '{type.Name}' failed and the type went on, so nothing was written. Let the type throw, or write such a statement under a savepoint.", e) { IsTransient = true };
        }
    }
}
