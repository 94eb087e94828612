using Npgsql;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution.SqlFaults;

/// <summary>Advises the grant that a job's SQL lacks. Pure.</summary>
internal static class MissingGrant
{
    private const string OwnStayClosed = "Slowlane's own tables stay closed to jobs.";
    private const string Unqualified = ", with the schema before its name unless the search path has it";

    /// <summary>What to do, in a sentence.</summary>
    /// <param name="denied">The refusal.</param>
    /// <param name="isWrite">Whether the job was writing its result.</param>
    /// <param name="candidates">The objects that the refusal may mean.</param>
    public static string Remedy(PostgresException denied, bool isWrite, IReadOnlyList<DeniedCandidate> candidates)
    {
        if (denied.Routine is "check_enable_rls")
        {
            return $"Row-level security would leave rows out, and row_security is off for its SQL: leave it on for the rows that the role can see, or run: alter role {JobRole.Name} bypassrls.";
        }

        var named = DeniedObject.Of(denied);
        var open = candidates.Where(candidate => !candidate.IsClosed).ToList();
        return (candidates.FirstOrDefault(candidate => candidate.IsPostgres)?.Name ?? (named.IsPostgres ? named.Name : null)) switch
        {
            { } secret => $"PostgreSQL keeps {secret} for superusers: grant it to nobody, and read something else.",
            _ when open.Count == 0 && candidates.Count > 0 => $"Use something else than {candidates[0].Target}. {OwnStayClosed}",
            _ when open.Count > 0 => Advice(open, isWrite) + (open.Count < candidates.Count ? " " + OwnStayClosed : ""),
            _ when named.CatalogKinds is [var kind, ..] && Right(kind, isWrite) is { } right => $"Run as its owner: grant {right} {Name(named)} to {JobRole.Name}{Qualification(kind)}.{Note(kind, isWrite)}",
            _ when denied.MessageText.StartsWith("permission denied to examine ", StringComparison.Ordinal)
                => "PostgreSQL shows that setting to members of pg_read_all_settings only, which jobs should not be: leave it out of the SQL.",
            _ => "Grant what PostgreSQL names to that role, or to the owner of the view or the function that the SQL uses. Where a function refuses by itself, have its owner look at it.",
        };
    }

    private static string Advice(List<DeniedCandidate> open, bool isWrite)
    {
        var grants = open.ConvertAll(candidate => $"grant {Right(candidate.Kind, isWrite)} {candidate.Target} to {JobRole.Name}");
        return $"Run as its owner{(grants.Count > 1 ? " what the SQL means of" : "")}: {string.Join("; ", grants)}.{Note(open[0].Kind, isWrite)}";
    }

    private static string? Right(string kind, bool isWrite) => kind switch
    {
        "table" => isWrite ? "insert on" : "select on",
        "function" or "procedure" => "execute on " + kind,
        "schema" or "sequence" or "type" or "language" or "foreign server" => "usage on " + kind,
        DeniedObject.LargeObject => (isWrite ? "update on " : "select on ") + kind,
        _ => null,
    };

    private static string Name(DeniedObject named) => named.Kind is DeniedObject.LargeObject ? named.Name : SqlName.Quoted(named.Name);

    private static string Qualification(string kind) => kind is "schema" or "language" or "foreign server" or DeniedObject.LargeObject ? "" : Unqualified;

    private static string Note(string kind, bool isWrite) => kind is not "table" ? ""
        : $" {(isWrite ? "If the SQL updates, deletes or reads there, grant that. " : "")}A table below a view takes the grant for the view's owner, one that a security definer function uses for the function's.";
}
