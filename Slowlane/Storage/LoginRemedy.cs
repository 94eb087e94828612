using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Says what mends a login that the server refuses. Pure.</summary>
internal static class LoginRemedy
{
    /// <summary>The server's reason, with the remedy if there is one.</summary>
    /// <param name="failure">The failure to read or to connect.</param>
    /// <param name="connectionString">The connection string, with the names of the database and the user.</param>
    public static string Of(Exception failure, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return failure is PostgresException { InvariantSeverity: "FATAL" } refused
            && Remedy(refused.SqlState, SqlName.Quoted(settings.Database ?? settings.Username ?? ""), SqlName.Quoted(settings.Username ?? "")) is { } remedy
            ? $"{refused.MessageText} ({refused.SqlState}). {remedy}"
            : failure.Message;
    }

    private static string? Remedy(string code, string database, string user) => code switch
    {
        PostgresErrorCodes.InvalidCatalogName => $"Name another database in Slowlane__Database, or run as an administrator: create database {database} encoding 'UTF8' template template0 owner {user};",
        PostgresErrorCodes.InsufficientPrivilege => $"Run as an administrator: grant connect on database {database} to {user};",
        PostgresErrorCodes.ObjectNotInPrerequisiteState => $"Run as an administrator: alter database {database} with allow_connections true;",
        PostgresErrorCodes.InvalidPassword => $"Correct user and password in Slowlane__Database, or change the password of {user} at the server.",
        PostgresErrorCodes.InvalidAuthorizationSpecification => $"Correct the user in Slowlane__Database, or let {user} in at the server (create role … login, pg_hba.conf).",
        PostgresErrorCodes.TooManyConnections => $"Lower Maximum Pool Size in Slowlane__Database or the number of instances, or raise the server's max_connections or the connection limit of {database} or {user}, whichever the server names.",
        _ => null,
    };
}
