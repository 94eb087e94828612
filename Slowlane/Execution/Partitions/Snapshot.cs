using System.Data;
using System.Text.RegularExpressions;
using Npgsql;
using Slowlane.Resilience;

namespace Slowlane.Execution.Partitions;

/// <summary>
/// The snapshot of a job's coordinator, exported so that the partitions' workers read the same rows. PostgreSQL keeps it as long
/// as its transaction.
/// </summary>
internal sealed partial class Snapshot : IAsyncDisposable
{
    // The transaction is idle by design, and the type's time limit bounds it. Other limits of the server hold.
    private const string ReadOnly = "set transaction read only; set local idle_in_transaction_session_timeout = 0";

    private readonly NpgsqlTransaction _transaction;

    private Snapshot(NpgsqlTransaction transaction, string name)
    {
        _transaction = transaction;
        Name = name;
    }

    public string Name { get; }

    /// <summary>Begins a read-only transaction and exports its snapshot.</summary>
    public static async Task<Snapshot> ExportAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        try
        {
            await ExecuteAsync(ReadOnly, transaction, cancellationToken);
            await using var export = new NpgsqlCommand("select pg_export_snapshot()", connection, transaction);
            return new Snapshot(transaction, (string)(await export.ExecuteScalarAsync(cancellationToken))!);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins a read-only transaction in the coordinator's snapshot.</summary>
    /// <exception cref="PartitionRunLostException">The snapshot is gone, because its coordinator has ended or lost its connection.</exception>
    public static async Task<NpgsqlTransaction> EnterAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        try
        {
            await ExecuteAsync($"set transaction snapshot '{Checked(name)}'", transaction, cancellationToken);
            await ExecuteAsync(ReadOnly, transaction, cancellationToken);
            return transaction;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            await transaction.DisposeAsync();
            throw new PartitionRunLostException($"The snapshot {name} is gone ({e.MessageText}): its holder is, or has lost its connection.", e);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps the transaction from being idle. Throws if its connection is lost.</summary>
    public Task KeepAsync(CancellationToken cancellationToken) => ExecuteAsync("select", _transaction, cancellationToken);

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    // The statement does not allow the name as a parameter, so the name is checked.
    private static string Checked(string name)
        => NamePattern().IsMatch(name) ? name : throw new ArgumentException($"'{name}' is not a snapshot's name.", nameof(name));

    private static async Task ExecuteAsync(string sql, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The text is one of the statements above.
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { CommandTimeout = Storage.Database.MaxStatementSeconds };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [GeneratedRegex("^[0-9A-F-]{1,64}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex NamePattern();
}
