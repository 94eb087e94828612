using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Npgsql;

namespace Slowlane.LocalHost.Durable.Storage;

/// <summary>What clients do to instances.</summary>
internal sealed class InstanceStore(DurableDatabase database, DurableOptions options)
{
    /// <summary>Adds an instance, in the place of one of its id that has ended; false when one of its id has not.</summary>
    public async Task<bool> ScheduleAsync(string id, string name, string? input, DateTimeOffset? startAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await DeleteEndedAsync(connection, id, cancellationToken);
        var added = await connection.ExecuteAsync(
            "insert into slowlane_durable.instance (hub, id, name, input, start_at) values ($1, $2, $3, $4, coalesce($5, now())) on conflict do nothing",
            [Sql.Text(options.HubName), Sql.Text(id), Sql.Text(name), Sql.Text(input), Sql.Time(startAt)],
            cancellationToken);
        await connection.ExecuteAsync($"notify {DurableDatabase.Channel}", [], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return added == 1;
    }

    public async Task<OrchestrationMetadata?> FindAsync(string id, DataConverter? converter, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var found = await connection.ReadAsync(
            "select name, id, status, created_at, updated_at, failure, input, output, custom_status from slowlane_durable.instance where hub = $1 and id = $2",
            [Sql.Text(options.HubName), Sql.Text(id)],
            row => new OrchestrationMetadata(row.GetString(0), row.GetString(1))
            {
                RuntimeStatus = Enum.Parse<OrchestrationRuntimeStatus>(row.GetString(2)),
                CreatedAt = row.GetFieldValue<DateTimeOffset>(3),
                LastUpdatedAt = row.GetFieldValue<DateTimeOffset>(4),
                FailureDetails = Failures.Read(row.TextOrNull(5)),
                DataConverter = converter,
                SerializedInput = converter is null ? null : row.TextOrNull(6),
                SerializedOutput = converter is null ? null : row.TextOrNull(7),
                SerializedCustomStatus = converter is null ? null : row.TextOrNull(8),
            },
            cancellationToken);
        return found is [var instance] ? instance : null;
    }

    /// <summary>Adds an event for an instance that has not ended; false when there is none.</summary>
    public async Task<bool> RaiseAsync(string id, string name, string? payload, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var raised = await connection.ExecuteAsync(
            """
            insert into slowlane_durable.message (instance, kind, name, data)
            select key, 'EventRaised', $3, $4 from slowlane_durable.instance where hub = $1 and id = $2 and status in ('Pending', 'Running')
            """,
            [Sql.Text(options.HubName), Sql.Text(id), Sql.Text(name), Sql.Text(payload)],
            cancellationToken);
        await connection.ExecuteAsync($"notify {DurableDatabase.Channel}", [], cancellationToken);
        return raised == 1;
    }

    /// <summary>Ends an instance; false when there is none that has not ended. A step that is being decided finds its lease gone.</summary>
    public async Task<bool> TerminateAsync(string id, string? output, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ended = await connection.ReadAsync(
            """
            update slowlane_durable.instance set status = 'Terminated', output = $3, updated_at = now(), lease = null, leased_until = null
            where hub = $1 and id = $2 and status in ('Pending', 'Running') returning key
            """,
            [Sql.Text(options.HubName), Sql.Text(id), Sql.Text(output)],
            static row => row.GetInt64(0),
            cancellationToken);
        if (ended is not [var instance])
        {
            return false;
        }

        // Statements of their own: this one waited for a step that was being recorded, and they must see it.
        await connection.ExecuteAsync("delete from slowlane_durable.message where instance = $1", [Sql.Number(instance)], cancellationToken);
        await connection.ExecuteAsync(
            "insert into slowlane_durable.history (instance, seq, kind, at, data) select $1, coalesce(max(seq), 0) + 1, 'ExecutionTerminated', now(), $2 from slowlane_durable.history where instance = $1",
            [Sql.Number(instance), Sql.Text(output)],
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Removes an instance that has ended; how many were.</summary>
    public async Task<int> PurgeAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await DeleteEndedAsync(connection, id, cancellationToken);
    }

    /// <summary>Removes instances that ended before a time, at most <paramref name="most"/> of them; how many were.</summary>
    public async Task<int> PurgeOldAsync(TimeSpan age, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
            """
            delete from slowlane_durable.instance where key in (
                select key from slowlane_durable.instance
                where status in ('Completed', 'Failed', 'Terminated') and updated_at < now() - $1 order by updated_at limit $2 for update skip locked)
            """,
            [Sql.Span(age), Sql.Number(most)],
            cancellationToken);
    }

    /// <summary>Removes the instances that a filter names and that have ended; how many were.</summary>
    public async Task<int> PurgeAllAsync(PurgeInstancesFilter filter, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
            """
            delete from slowlane_durable.instance
            where hub = $1 and status in ('Completed', 'Failed', 'Terminated') and ($2 is null or created_at >= $2) and ($3 is null or created_at <= $3)
            and status = any (string_to_array($4, ' '))
            """,
            [Sql.Text(options.HubName), Sql.Time(filter.CreatedFrom), Sql.Time(filter.CreatedTo), Sql.Text(string.Join(' ', filter.Statuses ?? Enum.GetValues<OrchestrationRuntimeStatus>()))],
            cancellationToken);
    }

    private Task<int> DeleteEndedAsync(NpgsqlConnection connection, string id, CancellationToken cancellationToken) => connection.ExecuteAsync(
        "delete from slowlane_durable.instance where hub = $1 and id = $2 and status in ('Completed', 'Failed', 'Terminated')", [Sql.Text(options.HubName), Sql.Text(id)], cancellationToken);
}
