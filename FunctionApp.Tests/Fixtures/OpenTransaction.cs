using Npgsql;

namespace Slowlane.Tests.Fixtures;

/// <summary>A session in a transaction that has run a statement, and holds its locks. Disposal ends both.</summary>
internal sealed class OpenTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private OpenTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>The process of the session at the server.</summary>
    public int ProcessId => _connection.ProcessID;

    public static async Task<OpenTransaction> BeginAsync(TestDatabase database, string sql)
    {
        var connection = await database.Source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
#pragma warning disable CA2100 // A test's own words.
        await using var command = new NpgsqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
        return new OpenTransaction(connection, transaction);
    }

    public Task CommitAsync() => _transaction.CommitAsync();

    public Task RollbackAsync() => _transaction.RollbackAsync();

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
