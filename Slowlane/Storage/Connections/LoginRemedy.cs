using Npgsql;

namespace Slowlane.Storage.Connections;

/// <summary>Says what mends a login, or a first statement, that the server refuses. Pure.</summary>
internal static class LoginRemedy
{
    /// <summary>The server's reason, with the remedy if there is one.</summary>
    /// <param name="failure">The failure to read or to connect.</param>
    /// <param name="connectionString">The connection string, with the names of the database and the user.</param>
    public static string Of(Exception failure, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return failure is PostgresException refused && (refused.InvariantSeverity is "FATAL" || refused.SqlState is PostgresErrorCodes.QueryCanceled)
            && Remedy(refused, SqlName.Quoted(settings.Database ?? settings.Username ?? ""), SqlName.Quoted(settings.Username ?? "")) is { } remedy
            ? $"{refused.MessageText} ({refused.SqlState}). {remedy}"
            : failure.Message;
    }

    private static string? Remedy(PostgresException refused, string database, string user) => refused.SqlState switch
    {
        PostgresErrorCodes.InvalidCatalogName => $"Name another database in Slowlane__Database, or run as an administrator: create database {database} encoding 'UTF8' template template0 owner {user};",
        PostgresErrorCodes.InsufficientPrivilege when refused.Routine is "CheckMyDatabase" => $"Run as an administrator: grant connect on database {database} to {user};",
        PostgresErrorCodes.ObjectNotInPrerequisiteState => $"Run as an administrator: alter database {database} with allow_connections true;",
        PostgresErrorCodes.QueryCanceled => $"If no administrator has cancelled the statement, run as one: alter role {user} in database {database} set statement_timeout = 0;",
        PostgresErrorCodes.UndefinedFile => $"Install the library that session_preload_libraries (or local_preload_libraries) names, or correct the setting in the server's configuration, or reset it as an administrator in another database: alter database {database} reset session_preload_libraries; alter role {user} reset session_preload_libraries; alter role {user} in database {database} reset session_preload_libraries;",
        "25P04" => $"Run as an administrator: alter role {user} in database {database} set transaction_timeout = 0;",
        PostgresErrorCodes.InvalidPassword => $"Correct user and password in Slowlane__Database, or change the password of {user}, or how long it is valid (valid until), at the server.",
        PostgresErrorCodes.InvalidAuthorizationSpecification => $"Correct the user in Slowlane__Database, or let {user} in at the server (create or alter role … login, pg_hba.conf).",
        PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.CantChangeRuntimeParam
            or PostgresErrorCodes.SyntaxError or PostgresErrorCodes.InsufficientPrivilege =>
            "A session begins with settings that the server refuses: correct Timezone, Search Path or Options in Slowlane__Database, or PGTZ or PGOPTIONS in the app's environment, and start the app again.",
        PostgresErrorCodes.DiskFull => "Add disk space to the database's server.",
        PostgresErrorCodes.TooManyConnections => $"Lower Maximum Pool Size in Slowlane__Database or the number of instances, or raise the server's max_connections or the connection limit of {database} or {user}, whichever the server names.",
        _ => null,
    };
}
