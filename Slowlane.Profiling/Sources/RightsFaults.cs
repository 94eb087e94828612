using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>Explains to the caller what a reading lacks, or why it would write, and the statement that mends it. Pure.</summary>
internal static class RightsFaults
{
    private const string Unreadable = "The table can't be read";

    /// <summary>Whether the catalog can say more about an error: a right, a user mapping, a policy or a write.</summary>
    public static bool Concerns(PostgresException failure)
        => failure.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.ActiveSqlTransaction;

    /// <summary>The reason. Null if the obstacles have nothing to do with the error: the engine explains what it can.</summary>
    public static JobException? Of(PostgresException failure, string table, IReadOnlyList<Obstacle> obstacles) => failure switch
    {
        // A reading that would leave the read-only mode would write.
        { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.ActiveSqlTransaction } or { Routine: "nextval_internal" or "do_setval" } => Writes(failure, table, obstacles),
        { Routine: "check_enable_rls" } => Filtered(failure, table, obstacles),
        { SqlState: PostgresErrorCodes.InsufficientPrivilege } => Denied(failure, table, obstacles),
        _ => Unmapped(failure, table, obstacles),
    };

    private static JobException Writes(PostgresException failure, string table, IReadOnlyList<Obstacle> obstacles)
    {
        var calls = Names(obstacles, ObstacleKind.Volatile, ObstacleKind.Draw);
        return new("table-writes", "Reading the table would write", $"Reading {table} would write ({failure.MessageText}), and a profile never writes.{(calls.Length > 0 ? $" It uses {calls}." : "")} Profile a table, or a view that only reads.", failure);
    }

    private static JobException Filtered(PostgresException failure, string table, IReadOnlyList<Obstacle> obstacles)
    {
        var policies = obstacles.Where(obstacle => obstacle.Kind is ObstacleKind.Policy).ToList();
        var remedy = policies.Count > 0
            ? $"have a superuser run: {Joined(policies.Select(policy => $"alter role {policy.Reader} bypassrls"))}"
            : "have a superuser let the role that the view's functions run as bypass it (bypassrls)";
        return new("row-security", "Row-level security would leave rows out", $"Row-level security would leave rows of {table} out ({failure.MessageText}). Send \"rowSecurity\": true to profile only the rows that the role {JobRole.Name} can see, or {remedy}. Then submit the job again.", failure);
    }

    /// <summary>The error for a view that sets <c>row_security</c> while it is read.</summary>
    public static JobException TurnedOn(string table) => new(
        "row-security",
        "Row-level security may have left rows out",
        $"Reading {table} set row_security to on, so that functions which it called may have left rows out. Send \"rowSecurity\": true to profile only the rows that the role {JobRole.Name} can see, or take set_config('row_security', …) out of it. Then submit the job again.");

    private static JobException? Denied(PostgresException failure, string table, IReadOnlyList<Obstacle> obstacles)
    {
        if (Names(obstacles, ObstacleKind.Closed) is { Length: > 0 } closed)
        {
            return new("not-readable", Unreadable, $"The table {table} can't be profiled ({failure.MessageText}): {closed} is closed to jobs, because it holds secrets of PostgreSQL or of Slowlane. Profile another table.", failure);
        }

        var grants = obstacles.Where(obstacle => Grant(obstacle) is not null).ToList();
        return grants.Count > 0
            ? new("not-readable", Unreadable, $"The table {table} can't be read ({failure.MessageText}). {Reader(grants)} Have the owner or a superuser run: {Joined(grants.Select(grant => Grant(grant)!))}. Then submit the job again.", failure)
            : null; // A function of a view lacks a right. The engine finds what PostgreSQL names.
    }

    private static JobException? Unmapped(PostgresException failure, string table, IReadOnlyList<Obstacle> obstacles)
    {
        var mappings = obstacles.Where(obstacle => obstacle.Kind is ObstacleKind.Mapping).ToList();
        return mappings.Count == 0 ? null : new("not-readable", Unreadable, $"The table {table} can't be read ({failure.MessageText}). {Reader(mappings)} Have the server's owner run: {Joined(mappings.Select(mapping => $"create user mapping for {mapping.Reader} server {mapping.Target} options (user '…', password '…')"))}. Then submit the job again.", failure);
    }

    private static string? Grant(Obstacle obstacle) => obstacle.Kind switch
    {
        ObstacleKind.Select when obstacle.Columns.Count > 0 => $"grant select ({string.Join(", ", obstacle.Columns)}) on {obstacle.Target} to {obstacle.Reader}",
        ObstacleKind.Select => $"grant select on {obstacle.Target} to {obstacle.Reader}",
        ObstacleKind.Usage => $"grant usage on schema {obstacle.Target} to {obstacle.Reader}",
        ObstacleKind.Sequence => $"grant select on sequence {obstacle.Target} to {obstacle.Reader}",
        ObstacleKind.Draw => $"grant usage on sequence {obstacle.Target} to {obstacle.Reader}",
        ObstacleKind.Execute => $"grant execute on function {obstacle.Target} to {obstacle.Reader}",
        _ => null,
    };

    private static string Reader(List<Obstacle> obstacles)
    {
        var columns = obstacles.Exists(obstacle => obstacle.Columns.Count > 0) ? ", or name only 'columns' that it may read" : "";
        return obstacles.TrueForAll(obstacle => string.Equals(obstacle.Reader, JobRole.Name, StringComparison.Ordinal))
            ? $"Profiles are read as the role {JobRole.Name}{columns}."
            : $"Profiles are read as the role {JobRole.Name}, what a view names with the rights of the view's owner{columns}.";
    }

    private static string Names(IReadOnlyList<Obstacle> obstacles, params ReadOnlySpan<ObstacleKind> kinds)
    {
        var names = new List<string>();
        foreach (var kind in kinds)
        {
            names.AddRange(obstacles.Where(obstacle => obstacle.Kind == kind).Select(obstacle => obstacle.Target));
        }

        return string.Join(", ", names.Distinct(StringComparer.Ordinal));
    }

    private static string Joined(IEnumerable<string> statements) => string.Join("; ", statements.Distinct(StringComparer.Ordinal));
}
