using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>Writes results. The fencing token is checked in the same transaction, so a worker that lost the lease writes nothing.</summary>
internal sealed class ResultStore(Database database, ResultBlobs results, LeaseStore leases, SlowlaneOptions options)
{
    /// <summary>Writes the results of jobs of one type and marks them succeeded, in one transaction.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="writeAsync">The type's own write, for the jobs whose lease this worker still has.</param>
    /// <param name="cancellationToken">Ends the call; the transaction may have been committed all the same.</param>
    /// <returns>
    /// The jobs that are written, now or by an earlier try whose answer was lost. The lease of the other jobs is lost, and
    /// nothing of them was written.
    /// </returns>
    public async Task<IReadOnlySet<JobId>> SucceedAsync(
        IReadOnlyList<(Claim Claim, Computed Computed)> jobs, Func<IReadOnlyList<Computed>, NpgsqlTransaction, CancellationToken, Task> writeAsync, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);

        // Blobs are stored before the transaction, so that no row stays locked while a large result is uploaded.
        var batch = await ResultBatch.StoreAsync(jobs, results, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var written = await WriteAsync(batch, writeAsync, transaction, cancellationToken);
        if (written.Count > 0)
        {
            await CommitAsync(jobs[0].Claim.Type, transaction, cancellationToken);
        }

        if (written.Count < jobs.Count)
        {
            // A commit whose answer was lost with the connection is tried again. The row then already says succeeded, with this claim's token.
            written.UnionWith(await leases.WrittenAsync(batch.Without(written), cancellationToken));
            await batch.DiscardAsync(id => !written.Contains(id), cancellationToken);
        }

        return written;
    }

    // The commit is not part of this method: if its answer is lost, it may have happened, and no blob may be deleted.
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
            // Deletes only blobs that no row can name: an earlier try may have been committed although its answer was lost. After
            // an outage the blobs stay, because the same results are written again.
            await batch.DiscardAsync(written.Contains, cancellationToken);
            StaleSession.CloseAfter(database.Source, e);
            throw;
        }
    }

    // Marks the jobs before the type writes: the row locks keep another claim out until the commit, and after a lost lease the
    // type does not write at all.
    private async Task<HashSet<JobId>> MarkAsync(ResultBatch results, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            var marked = await ReadMarkedAsync(results, transaction, cancellationToken);
            if (marked.Count < results.Jobs.Count)
            {
                await RequireNoneDroppedAsync(results.Without(marked), transaction, cancellationToken);
            }

            return marked;
        }
        catch (NullReferenceException failure) when (failure.Source is "Npgsql") // Thrown when the server refuses a statement while Npgsql prepares it.
        {
            database.Source.Clear(); // The session is believed to have the statement.
            throw new NpgsqlException("The server refused a statement of Slowlane's.", new IOException("The statement could not be prepared.", failure));
        }
    }

    private async Task<HashSet<JobId>> ReadMarkedAsync(ResultBatch results, NpgsqlTransaction transaction, CancellationToken cancellationToken)
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
            // A failure of the other commands is thrown here.
        }

        return marked;
    }

    private static async Task RequireNoneDroppedAsync(IReadOnlyList<Claim> unmarked, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = ResultStatements.AskForDropped(unmarked, transaction);
        if (await batch.ExecuteScalarAsync(cancellationToken) is true)
        {
            throw new RowDroppedException();
        }
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
