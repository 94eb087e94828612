using Npgsql;
using Slowlane.Resilience;

namespace Slowlane.Storage;

/// <summary>Asks the database whether the app can read and write its tables now.</summary>
internal sealed class DatabaseProbe(Database database)
{
    // Writes a file in the data directory and removes it. A disk that is full refuses it, and no row is written.
    private const string WriteFile = "select pg_export_snapshot()";

    /// <summary>
    /// Checks the schema, then whether the server takes writes and has disk space, and whether rules that are not the engine's let jobs pass.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<DatabaseHealth> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var state = await database.CheckAsync(cancellationToken);
            return (SchemaRemedy.ReadOnly(state) ?? SchemaRemedy.FullQueueOf(state)) is { } reason
                ? DatabaseHealth.ReadOnly(reason)
                : await AskToWriteAsync(state, cancellationToken);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            return DatabaseHealth.Down(LoginRemedy.Of(e, database.Source.ConnectionString));
        }
    }

    private async Task<DatabaseHealth> AskToWriteAsync(SchemaState state, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.Command(WriteFile);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return state.ForeignRules.Count > 0 && await ForeignRuleTrial.RunAsync(database.Source, state.ForeignRules, cancellationToken) is { } reason
                ? DatabaseHealth.ReadOnly(reason)
                : DatabaseHealth.Good;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DiskFull or PostgresErrorCodes.IoError)
        {
            return DatabaseHealth.ReadOnly($"{e.MessageText} ({e.SqlState}). Add disk space to the database's server, or mend its disk.");
        }
    }
}
