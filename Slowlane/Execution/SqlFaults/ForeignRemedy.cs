using Npgsql;

namespace Slowlane.Execution.SqlFaults;

/// <summary>Says what mends an error of another server that a job's SQL uses. Pure.</summary>
internal static class ForeignRemedy
{
    /// <summary>The remedy, in sentences. Statements have an ellipsis for each value that only an operator knows.</summary>
    /// <param name="failure">The error.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="isWrite">Whether the job was writing its result.</param>
    /// <param name="candidates">The servers that the error may mean.</param>
    public static string Of(PostgresException failure, ForeignFault fault, bool isWrite, IReadOnlyList<ForeignCandidate> candidates)
    {
        if (failure.File is "dblink.c")
        {
            return "Bring that server back, or correct the connection string or the statement that the SQL gives to dblink.";
        }

        return fault switch
        {
            ForeignFault.Away => $"Bring that server back, or correct its address{Run(candidates, Address)}, or the user and the password of its user mapping{Run(candidates, Login)}.",
            ForeignFault.Login => $"Correct the user and the password of its user mapping{Run(candidates, Login)}.",
            ForeignFault.Database => $"That server has no such database: create it there, or name another{Run(candidates, Database)}.",
            ForeignFault.Connections => "That server has no connection left: raise max_connections there, or the connection limit of the database or of the user that the user mapping names, or let less run at once.",
            ForeignFault.Right => $"Grant the right there, to the user of the user mapping{Run(candidates, candidate => Grant(candidate, isWrite))}.",
            ForeignFault.Names => $"Correct the names that the foreign table has for that server{Run(candidates, Names)}, or column_name of its column.",
            _ => "Mend it there.",
        };
    }

    private static string Address(ForeignCandidate candidate) => $"alter server {candidate.Server} options ({Options(candidate.ServerOptions, "host", "port", "dbname")})";

    private static string Database(ForeignCandidate candidate) => $"alter server {candidate.Server} options ({Options(candidate.ServerOptions, "dbname")})";

    // Whether an option has to be added or set depends on the present ones.
    private static string Login(ForeignCandidate candidate) => candidate.UserOptions is { } options
        ? $"alter user mapping for {candidate.User} server {candidate.Server} options ({Options(options, "user", "password")})"
        : $"drop user mapping if exists for {candidate.User} server {candidate.Server}; create user mapping for {candidate.User} server {candidate.Server} options (user '…', password '…' /* and its other options */)";

    private static string? Grant(ForeignCandidate candidate, bool isWrite)
        => candidate is { RemoteTable: { } table, RemoteUser: { } user } ? $"grant {(isWrite ? "insert" : "select")} on {table} to {user}" : null;

    private static string? Names(ForeignCandidate candidate)
        => candidate.Table is { } table ? $"alter foreign table {table} options ({Options(candidate.TableOptions, "schema_name", "table_name")})" : null;

    private static string Options(IReadOnlyList<string> present, params string[] names)
        => string.Join(", ", names.Select(name => $"{(present.Contains(name, StringComparer.Ordinal) ? "set" : "add")} {name} '…'"));

    private static string Run(IReadOnlyList<ForeignCandidate> candidates, Func<ForeignCandidate, string?> statement)
    {
        var statements = candidates.Select(statement).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return statements.Count == 0 ? "" : $" ({(statements.Count > 1 ? "what the SQL means of: " : "")}{string.Join("; ", statements)})";
    }
}
