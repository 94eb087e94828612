using Npgsql;
using Slowlane.Resilience;
using Slowlane.Storage.Connections;
using Slowlane.Storage.Schema;

namespace Slowlane.Storage;

/// <summary>Asks the database whether the app can read and write its tables now.</summary>
internal sealed class DatabaseProbe(Database database, TimeProvider time)
{
    /// <summary>How long a trial holds where no rule of others is known. It costs the server a few rows that it has to clean up.</summary>
    private static readonly TimeSpan TriedFor = TimeSpan.FromMinutes(1);

    // Writes a file in the data directory and removes it. A disk that is full refuses it, and no row is written.
    private const string WriteFile = "select pg_export_snapshot()";

    /// <summary>How long a full disk that a statement met counts as full. Statements are tried again more often than that.</summary>
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(10);

    private (string Reason, long At)? _full;
    private long _triedAt;
    private volatile Trial _trial;

    /// <summary>Checks the schema, then whether the server takes writes and has disk space, and whether the tables take the rows of a job.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public Task<DatabaseHealth> AskAsync(CancellationToken cancellationToken) => AskAsync(isAnew: false, cancellationToken);

    /// <summary>As <see cref="AskAsync(CancellationToken)"/>, after a statement that failed: an earlier trial says nothing then.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public Task<DatabaseHealth> AskAnewAsync(CancellationToken cancellationToken) => AskAsync(isAnew: true, cancellationToken);

    /// <summary>Learns from an error of the engine's: new sessions may work again after a limit, and a disk may be full that holds the tables alone.</summary>
    public void Learn(Exception failure)
    {
        StaleSession.CloseAfter(database.Source, failure);
        if (failure is PostgresException { SqlState: PostgresErrorCodes.DiskFull } full)
        {
            _full = (FullDisk(full), time.GetTimestamp());
        }
    }

    private async Task<DatabaseHealth> AskAsync(bool isAnew, CancellationToken cancellationToken)
    {
        try
        {
            var state = await database.CheckAsync(cancellationToken);
            return (SchemaRemedy.ReadOnly(state) ?? SchemaRemedy.FullQueueOf(state)) is { } reason
                ? DatabaseHealth.ReadOnly(reason)
                : await AskToWriteAsync(state, isAnew, cancellationToken);
        }
        catch (Exception e) when (Outage.IsOfService(e))
        {
            return DatabaseHealth.Down(LoginRemedy.Of(e, database.Source.ConnectionString));
        }
    }

    private async Task<DatabaseHealth> AskToWriteAsync(SchemaState state, bool isAnew, CancellationToken cancellationToken)
    {
        if (_full is var (met, at) && time.GetElapsedTime(at) < FullFor)
        {
            return DatabaseHealth.ReadOnly(met);
        }

        try
        {
            await using var command = database.Command(WriteFile);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return await TryAsync(state, isAnew, cancellationToken) is { } reason ? DatabaseHealth.ReadOnly(reason) : DatabaseHealth.Good;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DiskFull or PostgresErrorCodes.IoError)
        {
            return DatabaseHealth.ReadOnly(FullDisk(e));
        }
    }

    private static string FullDisk(PostgresException failure) => $"{failure.MessageText} ({failure.SqlState}). Add disk space to the database's server, or mend its disk.";

    private async Task<string?> TryAsync(SchemaState state, bool isAnew, CancellationToken cancellationToken)
    {
        if (!isAnew && _trial is Trial.Passed && state.ForeignRules.Count == 0 && time.GetElapsedTime(Interlocked.Read(ref _triedAt)) < TriedFor)
        {
            return null;
        }

        var reason = await JobTrial.RunAsync(database.Source, state.ForeignRules, cancellationToken);
        Interlocked.Exchange(ref _triedAt, time.GetTimestamp());
        if (_trial is Trial.Failed && reason is null)
        {
            database.Source.Clear(); // A statement that a session prepared while a rule made it empty stays empty without the rule.
        }

        _trial = reason is null ? Trial.Passed : Trial.Failed;
        return reason;
    }

    /// <summary>The outcome of the last trial.</summary>
    private enum Trial
    {
        None,
        Passed,
        Failed,
    }
}
