namespace Slowlane.LocalHost.Durable.Storage;

/// <summary>Rows that one process at a time holds, by a lease that it renews: what it does with them ends when the lease is lost.</summary>
internal sealed class LeasedRows(DurableDatabase database, TimeSpan duration, string table, string key)
{
    /// <summary>Lengthens a lease; false when it was lost.</summary>
    public async Task<bool> RenewAsync(long row, Guid lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
            $"update slowlane_durable.{table} set leased_until = now() + $3 where {key} = $1 and lease = $2", [Sql.Number(row), Sql.Lease(lease), Sql.Span(duration)], cancellationToken) == 1;
    }

    /// <summary>Gives a row back, for another process to take.</summary>
    public async Task ReleaseAsync(long row, Guid lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            $"update slowlane_durable.{table} set lease = null, leased_until = null where {key} = $1 and lease = $2", [Sql.Number(row), Sql.Lease(lease)], cancellationToken);
        await connection.ExecuteAsync($"notify {DurableDatabase.Channel}", [], cancellationToken);
    }
}
