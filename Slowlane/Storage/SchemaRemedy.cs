using System.Globalization;
using Npgsql;

namespace Slowlane.Storage;

/// <summary>Decides what keeps the app from its tables or from writing, and says the statement that mends it. Pure.</summary>
internal static class SchemaRemedy
{
    private const string UTF8 = "UTF8";

    /// <summary>The reason why the migrations can't be applied; null if they can be tried.</summary>
    public static string? BeforeMigration(SchemaState state) => state switch
    {
        { Encoding: not UTF8 } =>
            $"The database {state.Database} stores text as {state.Encoding}, and jobs have text of any language. Create another, and name it in Slowlane__Database: create database NAME encoding 'UTF8' template template0;",
        { HasSchema: false, MayCreateSchema: false } =>
            $"The database has no schema slowlane, and its user {state.User} may not create one. Run as an administrator: grant create on database {state.Database} to {state.User};",
        { HasSchema: true, MayUseSchema: false } =>
            $"The database user {state.User} may not use the schema slowlane. Run as its owner: grant usage, create on schema slowlane to {state.User};",
        { ClosedTables: [_, ..] closed } => Closed(closed, state.User),
        { HasSchema: true, MayCreateInSchema: false } =>
            $"The database user {state.User} may not create tables in the schema slowlane, and migrations are missing. Run as its owner: grant usage, create on schema slowlane to {state.User};",
        _ when ReadOnly(state) is { } reason => "Migrations are missing, and " + reason,
        _ => null,
    };

    /// <summary>The reason why the tables can't be used although every migration is recorded as applied; null if they can be.</summary>
    public static string? AfterMigration(SchemaState state) => state switch
    {
        { MissingTables: [_, ..] missing } =>
            $"The schema slowlane lacks {Names(missing)}, and its migrations are recorded as applied. Restore the tables from a backup; or, if no job has to be kept, run: drop schema slowlane cascade; the app then creates it anew.",
        { HasSchema: true, MayUseSchema: false } or { ClosedTables: [_, ..] } => BeforeMigration(state),
        _ => null,
    };

    /// <summary>The reason why the server takes no writes; null if it takes them.</summary>
    public static string? ReadOnly(SchemaState state) => state switch
    {
        { IsStandby: true } =>
            "the server is a standby. Let Slowlane__Database name the primary, or all servers in a list of hosts.",
        { IsReadOnly: true } =>
            $"the server's transactions are read only. A provider sets this when the disk is nearly full: add disk space. Otherwise run as an administrator: alter database {state.Database} set default_transaction_read_only = off;",
        _ => null,
    };

    /// <summary>The reason why a migration failed.</summary>
    public static string OfMigration(string name, PostgresException failure, SchemaState state) => $"Migration {name} can't be applied: {failure.MessageText} ({failure.SqlState}). " + (failure.SqlState switch
    {
        ['2', '8', ..] => "", // The script says itself what to run.
        PostgresErrorCodes.InsufficientPrivilege when state.OtherOwner is { } owner => $"Another user owns the tables. Run as an administrator: grant {owner} to {state.User};",
        PostgresErrorCodes.InsufficientPrivilege => $"Grant the user {state.User} what the message names.",
        PostgresErrorCodes.InvalidSchemaName => $"The script has a table name without a schema, and no schema of the search path exists. Run as an administrator: alter role {state.User} in database {state.Database} set search_path = public;",
        _ => "Remove the cause, or deploy a corrected script.",
    });

    /// <summary>The reason why the lock of the migrations can't be had.</summary>
    /// <param name="holder">The process id of the session that holds it; null if it is gone.</param>
    public static string OfLock(int? holder) => string.Create(
        CultureInfo.InvariantCulture,
        $"Migrations are missing, and another session holds their lock (process {holder}). If it applies migrations, wait for it. If it does not, run: select pg_terminate_backend({holder});");

    private static string Closed(IEnumerable<string> tables, string user)
        => $"The database user {user} may not read and write {Names(tables)}. Run as their owner: grant select, insert, update, delete on all tables in schema slowlane to {user};";

    private static string Names(IEnumerable<string> tables) => string.Join(", ", tables.Select(table => "slowlane." + table));
}
