using Npgsql;
using Slowlane.Jobs;
using Slowlane.Running;

namespace Slowlane.Storage;

/// <summary>Writes how an attempt ended. Every statement checks the fencing token: who lost the lease writes nothing.</summary>
internal sealed class OutcomeStore(Database database, ResultBlobs results)
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
        try
        {
            if (!await MarkAsync(claim, blob is null ? computed.Json : null, blob, transaction, cancellationToken))
            {
                await RequireAlreadyWrittenAsync(claim, cancellationToken);
                return;
            }

            await computed.WriteAsync(transaction, cancellationToken);
        }
        catch (Exception e) when (!Outage.Is(e)) // After an outage the same result is written again.
        {
            await results.DiscardAsync(blob, cancellationToken);
            throw;
        }

        await transaction.CommitAsync(cancellationToken); // Not in the try: where its answer is lost, it may have happened.
    }

    /// <summary>Queues the job again, the attempt charged. False when the lease is no longer ours.</summary>
    public Task<bool> RetryAsync(Claim claim, TimeSpan after, JobError error, CancellationToken cancellationToken) => ChangeAsync(
        $"status = 'queued', {Released}, due_at = now() + $3, error_type = $4, error_title = $5, error_detail = $6",
        [claim.Id.Value, claim.Fence, after, error.Type, error.Title, error.Detail],
        cancellationToken);

    /// <summary>Queues the job again, the attempt not charged; counts the outages that cut it off. False when the lease is no longer ours.</summary>
    public Task<bool> HandBackAsync(Claim claim, TimeSpan after, int outages, CancellationToken cancellationToken) => ChangeAsync(
        $"status = 'queued', {Released}, due_at = now() + $3, attempt = attempt - 1, outages = outages + $4, progress = null",
        [claim.Id.Value, claim.Fence, after, outages],
        cancellationToken);

    /// <summary>Fails the job for good. False when the lease is no longer ours.</summary>
    public Task<bool> FailAsync(Claim claim, JobError error, CancellationToken cancellationToken) => ChangeAsync(
        $"status = 'failed', {Released}, finished_at = now(), error_type = $3, error_title = $4, error_detail = $5",
        [claim.Id.Value, claim.Fence, error.Type, error.Title, error.Detail],
        cancellationToken);

    private async Task<bool> ChangeAsync(string set, object?[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.Command($"update slowlane.job set {set} {Held}", parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    // Before the type writes: the row lock keeps another claim out until the commit, and a lost lease costs no writing.
    private static async Task<bool> MarkAsync(Claim claim, string? body, string? blob, NpgsqlTransaction transaction, CancellationToken cancellationToken)
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
                    Parameters = { new() { Value = claim.Id.Value }, new() { Value = claim.Fence }, new() { Value = (object?)body ?? DBNull.Value }, new() { Value = (object?)blob ?? DBNull.Value } },
                },
                new(JobRole.TakeUntilCommit), // What the job type writes from here on, it writes under its own role; deferred triggers too.
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1;
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
