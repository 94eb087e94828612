using System.Text.RegularExpressions;
using Npgsql;

namespace Slowlane.Jobs;

/// <summary>Finds the grant that a job's SQL lacks in what PostgreSQL says. Pure.</summary>
/// <remarks>PostgreSQL names the kind of object and its name without a schema, in its text alone. In another language the remedy is a general one.</remarks>
internal static partial class MissingGrant
{
    private const string Unqualified = ", with the schema before its name unless the search path has it";

    /// <summary>What to do, in a sentence.</summary>
    /// <param name="denied">The refusal.</param>
    /// <param name="isWrite">Whether the job was writing its result.</param>
    public static string Remedy(PostgresException denied, bool isWrite)
    {
        if (denied.Routine is "check_enable_rls")
        {
            return $"Row-level security would leave rows out, and row_security is off for its SQL: leave it on for the rows that the role can see, or run: alter role {JobRole.Name} bypassrls.";
        }

        var match = DenialPattern().Match(denied.MessageText);
        var (kind, name) = (match.Groups["kind"].Value, match.Groups["name"].Value);
        if (name.StartsWith("pg_", StringComparison.Ordinal))
        {
            return $"PostgreSQL keeps {name} for superusers: grant it to nobody, and read something else.";
        }

        return Grant(kind, isWrite) is (var statement, var note)
            ? $"Run as its owner: grant {statement}{Quoted(name)} to {JobRole.Name}{note}."
            : "Grant what PostgreSQL names to that role, or to the owner of the view or the function that the SQL uses.";
    }

    private static (string Statement, string Note)? Grant(string kind, bool isWrite) => kind switch
    {
        "schema" => ("usage on schema ", ""),
        "sequence" => ("usage on sequence ", Unqualified),
        "function" or "aggregate" => ("execute on function ", Unqualified),
        "procedure" => ("execute on procedure ", Unqualified),
        "type" or "domain" or "language" or "foreign server" => ($"usage on {kind} ", Unqualified),
        "table" or "view" or "materialized view" or "foreign table" => (
            isWrite ? "insert on " : "select on ",
            $"{(isWrite ? " (select, update or delete, if the SQL does that)" : "")}{Unqualified}. A table below a view takes the grant for the view's owner; Slowlane's own tables stay closed to jobs"),
        _ => null,
    };

    // Always in quotes: without them, a name may be a reserved word.
    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex("^permission denied for (?<kind>(materialized |foreign )?[a-z]+) (?<name>.+)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 100)]
    private static partial Regex DenialPattern();
}
