using System.Globalization;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Storage.Schema;

/// <summary>Decides what keeps the app from its tables or from writing, and says the statement that mends it. Pure.</summary>
internal static class SchemaRemedy
{
    private const string UTF8 = "UTF8";

    /// <summary>PostgreSQL refuses a notification once no page is left, and counts the pages.</summary>
    private const double FullQueue = 0.99;

    /// <summary>The reason why the migrations can't be applied; null if they can be tried.</summary>
    public static string? BeforeMigration(SchemaState state) => state switch
    {
        { User: JobRole.Name } => OfJobUser(state),
        { Encoding: not UTF8 } => OfEncoding(state),
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

    /// <summary>The reason why jobs can't run although every migration is recorded as applied; null if they can.</summary>
    /// <param name="state">What the database says.</param>
    /// <param name="scripts">The scripts of the engine and of job types.</param>
    public static string? AfterMigration(SchemaState state, IReadOnlyList<MigrationScripts> scripts) => state switch
    {
        { User: JobRole.Name } => OfJobUser(state),
        { Encoding: not UTF8 } => OfEncoding(state), // Of a dump that was restored into another database.
        { MissingTables: [_, ..] missing } => Lacks(Names(missing)),
        { MissingParts: [_, ..] missing } => ColumnRemedy.Of(missing, state.OtherColumns) ?? ColumnRemedy.OfJobType(missing, scripts) ?? Lacks(string.Join(", ", missing)),
        { DisabledTriggers: [var trigger, ..] } =>
            $"The trigger {trigger} is disabled. Run as its owner: alter table {trigger.Split(" on ")[1]} enable trigger all;",
        _ when state.OtherColumns.FirstOrDefault(column => column.IsRequired) is { } column =>
            $"The column {column.Table}.{column.Name} is not Slowlane's and takes no null, so no row can be written. Run as its owner: alter table {column.Table} alter column {column.Name} drop not null;",
        { UnidentifiedTables: [var table, ..] } =>
            $"The table {table} is published and has no replica identity, so the server refuses updates. Run as its owner: alter table {table} replica identity default;",
        { FilteredTables: [var table, ..] } =>
            $"Row-level security hides rows of slowlane.{table} from the database user {state.User}. Run as its owner: alter table slowlane.{table} disable row level security;",
        { HasSchema: true, MayUseSchema: false } or { ClosedTables: [_, ..] } => BeforeMigration(state),
        _ => OfJobRole(state) ?? OfSearchPath(state) ?? OfLostGrants(state),
    };

    /// <summary>The reason why the SQL of jobs can't run under its role; null if it can.</summary>
    public static string? OfJobRole(SchemaState state) => state switch
    {
        { HasJobRole: false } =>
            $"The role {JobRole.Name}, under which the SQL of jobs runs, does not exist: a server that was restored from a dump lacks its roles. Run as an administrator: create role {JobRole.Name} nologin noinherit;",
        { MayTakeJobRole: false } =>
            $"The database user {state.User} may not take the role {JobRole.Name}, under which the SQL of jobs runs. Run as an administrator: grant {JobRole.Name} to {state.User}{(state.IsJobRoleMember ? " with set true" : "")};",
        { JobRoleMayUseSchema: false } =>
            $"The role {JobRole.Name}, under which the SQL of jobs runs, may not use the schema slowlane. Run as its owner: grant usage on schema slowlane to {JobRole.Name};",
        _ => null,
    };

    /// <summary>The reason why the server takes no writes; null if it takes them.</summary>
    public static string? ReadOnly(SchemaState state) => state switch
    {
        { IsStandby: true } =>
            "the server is a standby. Let Slowlane__Database name the primary, or all servers in a list of hosts.",
        { IsReadOnly: true } when OfConnection("default_transaction_read_only", state) is { } remedy => "the server's transactions are read only. " + remedy,
        { IsReadOnly: true } =>
            $"the server's transactions are read only. A provider sets this when the disk is nearly full: add disk space. Otherwise run as an administrator: begin read write; alter role {state.Login} in database {state.Database} set default_transaction_read_only = off; commit;",
        _ => null,
    };

    /// <summary>The reason why no job's end can be notified, and so none written; null if it can.</summary>
    public static string? FullQueueOf(SchemaState state) => state.NotificationQueueUsage < FullQueue ? null
        : "the server's queue of notifications is full. A session that listens holds it as long as its transaction lasts. To find the session, run: select pid, datname, usename, xact_start, query from pg_stat_activity where xact_start is not null order by xact_start; and to end it: select pg_terminate_backend(PID);";

    /// <summary>The reason why a migration failed.</summary>
    public static string OfMigration(string name, PostgresException failure, SchemaState state)
        => $"Migration {name} can't be applied: {failure.MessageText}{OfStatement(name, failure.SqlState, state)}";

    /// <summary>The reason why the lock of the migrations can't be had.</summary>
    /// <param name="holder">The process id of the session that holds it; null if it is gone.</param>
    public static string OfLock(int? holder) => string.Create(
        CultureInfo.InvariantCulture,
        $"Migrations are missing, and another session holds their lock (process {holder}). If it applies migrations, wait for it. If it does not, run: select pg_terminate_backend({holder});");

    /// <summary>The reason why the tables can't be read for now; null if nobody has locked one.</summary>
    public static string? OfTableLock(SchemaState state)
        => state.Locks is not [var held, ..] || held.Split(' ') is not [var table, var holder] ? null
            : $"Another session has locked the table {table} (process {holder}). If it alters the table, wait for it. If it does not, run: select pg_terminate_backend({holder});";

    // What opens the engine's tables to this user would open them to the SQL of jobs.
    private static string OfJobUser(SchemaState state)
        => $"The app's sessions begin as {JobRole.Name}, the role of jobs' SQL, to which the engine's tables stay closed. {OfConnection("role", state) ?? (state.RoleSetting is { } place ? $"Run as an administrator: alter {place} reset role;" : "Log in as another user in Slowlane__Database.")}";

    private static string OfEncoding(SchemaState state)
        => $"The database {state.Database} stores text as {state.Encoding}, and jobs have text of any language. Create another, and name it in Slowlane__Database: create database NAME encoding 'UTF8' template template0 owner {state.User};";

    private static string OfStatement(string name, string code, SchemaState state)
        => code.StartsWith("28", StringComparison.Ordinal) ? "" : $" ({code}). {AfterCode(name, code, state)}"; // A script that raises such an error says itself what to run.

    private static string AfterCode(string name, string code, SchemaState state) => code switch
    {
        PostgresErrorCodes.InsufficientPrivilege when state.OtherOwner is { } owner => $"Another user owns the tables. Run as an administrator: grant {owner} to {state.User};",
        PostgresErrorCodes.InsufficientPrivilege when state.Path is "pg_catalog" =>
            $"The script has a name without a schema, and the search path begins with pg_catalog, where nobody may create anything. {SetPath(state)}",
        PostgresErrorCodes.InsufficientPrivilege when state is { Path: { } path, MayCreateInPath: false } =>
            $"What a script names without a schema lies in the schema {path}. Run as its owner: grant create on schema {path} to {state.User};",
        PostgresErrorCodes.InsufficientPrivilege => $"Grant the user {state.User} what the message names.",
        PostgresErrorCodes.UndefinedObject when OfJobRole(state) is { } reason => reason,
        PostgresErrorCodes.InvalidSchemaName when OfSearchPath(state) is { } reason => reason,
        PostgresErrorCodes.DuplicateSchema or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.DuplicateFunction or PostgresErrorCodes.DuplicateColumn =>
            $"What the script creates exists, and is not recorded as applied; the schema slowlane was dropped, say. If the script has created it, run: insert into slowlane.migration values ('{name.Replace("'", "''", StringComparison.Ordinal)}'); otherwise drop it.",
        _ => "Remove the cause, or deploy a corrected script.",
    };

    private static string? OfSearchPath(SchemaState state) => state switch
    {
        { Path: { } path, JobRoleHasPath: false } =>
            $"The SQL of jobs has names without a schema, and the role {JobRole.Name}, under which it runs, may not use the schema {path} of the search path. Run as its owner: grant usage on schema {path} to {JobRole.Name};",
        { Path: not null } => null,
        { ClosedPath: { } closed } =>
            $"The SQL of jobs has names without a schema, and the database user {state.User} may not use the schema {closed} of its search path. Run as its owner: grant usage on schema {closed} to {state.User};",
        _ => $"The SQL of jobs has names without a schema, and no schema of the search path exists. {SetPath(state)}",
    };

    private static string? OfLostGrants(SchemaState state) => state.LostGrants.Count == 0 ? null
        : $"The role {JobRole.Name}, under which the SQL of jobs runs, lacks rights that migrations granted, or that these need. Run as the owner: {string.Join(' ', state.LostGrants.Select(grant => $"grant {grant} to {JobRole.Name};"))} If the role was created anew, grant it too what else jobs read.";

    private static string SetPath(SchemaState state)
        => OfConnection("search_path", state) ?? $"Run as an administrator: alter role {state.Login} in database {state.Database} set search_path = public;";

    private static string? OfConnection(string setting, SchemaState state) => !state.ConnectionSettings.Contains(setting, StringComparer.Ordinal) ? null
        : $"The connection itself sets {setting}: remove it from Search Path or Options in Slowlane__Database, or from PGOPTIONS in the app's environment, and start the app again.";

    private static string Lacks(string names)
        => $"The schema slowlane lacks {names}, and its migrations are recorded as applied. Restore it from a backup; or, if no job has to be kept, run: drop schema slowlane cascade; the app then creates it anew, and says what is in the way of the migrations of job types, if anything is.";

    private static string Closed(IEnumerable<string> tables, string user)
        => $"The database user {user} may not read and write {Names(tables)}. Run as their owner: grant select, insert, update, delete on all tables in schema slowlane to {user};";

    private static string Names(IEnumerable<string> tables) => string.Join(", ", tables.Select(table => "slowlane." + table));
}
