using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Takes jobs. Every time is the database's own, so a worker's clock doesn't matter.</summary>
internal sealed class ClaimStore(Database database, SlowlaneOptions options)
{
    // Taken: a job nobody holds whose time has come (a second early is close enough: queues count whole seconds), or
    // one whose holder has let the lease run out. Its last attempt then goes on uncharged: the job did not fail. Not one
    // that somebody wants cancelled: the sweeper ends it. Nor one of a paused type: the resume wakes it. How often it is tried
    // is the type's to say, by this worker's version of it: it may have changed since the row was written, and who wrote a row
    // for a message that failed didn't know.
    private const string Take = $"""
        type         = $4,
        status       = 'running',
        attempt      = j.attempt + case j.status when 'queued' then 1 else 0 end,
        max_attempts = greatest($5, j.attempt + case j.status when 'queued' then 1 else 0 end),
        lost_leases  = j.lost_leases + case j.status when 'running' then 1 else 0 end,
        fence        = j.fence + 1,
        worker       = $2,
        lease_until  = now() + $3,
        due_at       = null,
        sends        = 0,
        progress     = null,
        started_at   = now()
        where ((j.status = 'queued' and j.due_at <= now() + interval '1 second')
            or (j.status = 'running' and j.lease_until < now()))
        and not exists (select 1 from slowlane.cancellation where job_id = $1)
        and not {Paused}
        """;

    // Asked once a statement, of a table that is nearly always empty.
    private const string Paused = "exists (select 1 from slowlane.paused where type = $4 and resumed_at is null)";

    // A subquery sees the row as it was before the statement: when the job was due, or its holder's lease ended. Without one it is new.
    private const string Waited = "extract(epoch from now() - coalesce((select coalesce(w.due_at, w.lease_until) from slowlane.job w where w.id = $1), j.created_at))::double precision";

    private const string Returning = $" returning attempt, fence, outages, input, input_blob, status = 'running', trace, {Waited}";

    // A new job of a paused type is recorded as queued and not taken: its message has done its work.
    private const string TakeNew = $"""
        insert into slowlane.job as j
            (id, type, status, attempt, max_attempts, fence, worker, lease_until, due_at, input, input_blob, created_at, started_at, trace)
        select $1::uuid, $4, case when paused then 'queued' else 'running' end, case when paused then 0 else 1 end, $5::integer, 1,
            case when not paused then $2 end, case when not paused then now() + $3::interval end, case when paused then now() end,
            $6::text, $7::text, $8::timestamptz, case when not paused then now() end, $9::text
        from (select {Paused} as paused) as pause
        where not exists (select 1 from slowlane.purged where id = $1)
        on conflict (id) do update set
        input        = coalesce(j.input, excluded.input),
        input_blob   = coalesce(j.input_blob, excluded.input_blob),
        trace        = coalesce(j.trace, excluded.trace),
        {Take}{Returning}
        """;

    private const string TakeKnown = $"update slowlane.job as j set {Take} and j.id = $1 and not ({WithoutInput}){Returning}";

    // Cancelled before its message came: then only the message knows what the job is, and a retry needs it.
    private const string Complete = $"""
        update slowlane.job as j set type = $2, max_attempts = $3, input = $4, input_blob = $5, trace = $6
        where id = $1 and {WithoutInput} returning status = 'queued'
        """;

    private const string WithoutInput = "j.input is null and j.input_blob is null";

    private static readonly string Worker = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Takes the message's job in one statement, or returns null: it is finished, held, not due, paused, or gone.</summary>
    public async Task<Claim?> ClaimAsync(Envelope envelope, RegisteredType type, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        var claim = await TakeAsync(envelope, type, cancellationToken);

        // Refused, which is rare; and retried just before its row was completed, which is rarer.
        return claim is null && !envelope.IsWakeUp && await CompleteAsync(envelope, type, cancellationToken)
            ? await TakeAsync(envelope, type, cancellationToken)
            : claim;
    }

    /// <summary>Lengthens the lease and notes the progress; false when the lease is no longer ours and the job not written by us.</summary>
    public async Task<bool> RenewAsync(Claim claim, double? progress, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "update slowlane.job set lease_until = now() + $3, progress = coalesce($4, progress) where id = $1 and fence = $2 and status = 'running'",
            claim.Id.Value,
            claim.Fence,
            options.Lease);
        command.CommandTimeout = Math.Max(1, (int)options.Lease.TotalSeconds / 3); // A beat that hangs must not cost the lease.
        command.Parameters.Add(new NpgsqlParameter<double?> { TypedValue = progress, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Double });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 || await IsWrittenAsync(claim, cancellationToken);
    }

    // A beat that came while the result was being written has waited for the row until the commit. In a statement of its
    // own: one that waited sees the row as it was before.
    private async Task<bool> IsWrittenAsync(Claim claim, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "select 1 from slowlane.job where id = $1 and fence = $2 and status = 'succeeded'", claim.Id.Value, claim.Fence);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private async Task<Claim?> TakeAsync(Envelope envelope, RegisteredType type, CancellationToken cancellationToken)
    {
        await using var command = envelope.IsWakeUp
            ? database.Command(TakeKnown, envelope.Id.Value, Worker, options.Lease, type.Name, type.Options.MaxAttempts)
            : database.Command(
                TakeNew,
                envelope.Id.Value,
                Worker,
                options.Lease,
                type.Name,
                type.Options.MaxAttempts,
                envelope.Input,
                envelope.Blob,
                envelope.Id.CreatedAt,
                envelope.Trace);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetBoolean(5)
            ? new Claim(envelope.Id, type, reader.GetInt32(0), reader.GetInt64(1), reader.GetInt32(2), Text(reader, 3), Text(reader, 4))
            {
                Trace = Text(reader, 6),
                Waited = TimeSpan.FromSeconds(reader.GetDouble(7)),
            }
            : null;
    }

    /// <summary>Gives a row without an input the message's; true when the job is queued and can now be taken.</summary>
    private async Task<bool> CompleteAsync(Envelope envelope, RegisteredType type, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            Complete, envelope.Id.Value, type.Name, type.Options.MaxAttempts, envelope.Input, envelope.Blob, envelope.Trace);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
