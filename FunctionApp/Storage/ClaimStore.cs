using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Takes jobs. Every time is the database's own, so a worker's clock doesn't matter.</summary>
internal sealed class ClaimStore(Database database, SlowlaneOptions options)
{
    // Taken: a job nobody holds whose time has come (a second early is close enough: queues count whole seconds), or
    // one whose holder has let the lease run out. Its last attempt then goes on uncharged: the job did not fail.
    private const string Take = """
        status      = 'running',
        attempt     = j.attempt + case j.status when 'queued' then 1 else 0 end,
        lost_leases = j.lost_leases + case j.status when 'running' then 1 else 0 end,
        fence       = j.fence + 1,
        worker      = $2,
        lease_until = now() + $3,
        due_at      = null,
        sends       = 0,
        progress    = null,
        started_at  = now()
        where ((j.status = 'queued' and j.due_at <= now() + interval '1 second')
            or (j.status = 'running' and j.lease_until < now()))
        """;

    private const string Returning = " returning attempt, fence, outages, input, input_blob";

    private const string TakeNew = $"""
        insert into slowlane.job as j
            (id, type, status, attempt, max_attempts, fence, worker, lease_until, input, input_blob, created_at, started_at)
        values ($1, $4, 'running', 1, $5, 1, $2, now() + $3, $6, $7, $8, now())
        on conflict (id) do update set {Take}{Returning}
        """;

    private const string TakeKnown = $"update slowlane.job as j set {Take} and j.id = $1{Returning}";

    private static readonly string Worker = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Takes the message's job in one statement, or returns null: it is finished, held, or not due.</summary>
    public async Task<Claim?> ClaimAsync(Envelope envelope, RegisteredType type, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = envelope.IsWakeUp
            ? database.Command(TakeKnown, envelope.Id.Value, Worker, options.Lease)
            : database.Command(
                TakeNew,
                envelope.Id.Value,
                Worker,
                options.Lease,
                type.Name,
                type.Options.MaxAttempts,
                envelope.Input,
                envelope.Blob,
                envelope.Id.CreatedAt);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Claim(envelope.Id, type, reader.GetInt32(0), reader.GetInt64(1), reader.GetInt32(2), Text(reader, 3), Text(reader, 4))
            : null;
    }

    /// <summary>Lengthens the lease and notes the progress; false when the lease is no longer ours.</summary>
    public async Task<bool> RenewAsync(Claim claim, double? progress, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "update slowlane.job set lease_until = now() + $3, progress = coalesce($4, progress) where id = $1 and fence = $2 and status = 'running'",
            claim.Id.Value,
            claim.Fence,
            options.Lease);
        command.CommandTimeout = Math.Max(1, (int)options.Lease.TotalSeconds / 3); // A beat that hangs must not cost the lease.
        command.Parameters.Add(new NpgsqlParameter<double?> { TypedValue = progress, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Double });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
