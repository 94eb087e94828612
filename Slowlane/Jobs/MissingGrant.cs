using Npgsql;

namespace Slowlane.Jobs;

/// <summary>Advises the grant that a job's SQL lacks. Pure.</summary>
/// <remarks>PostgreSQL names the refused object in the text of its message alone. In another language than English the remedy is a general one.</remarks>
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
        var open = candidates.Where(candidate => !candidate.IsClosed).Select(candidate => candidate.Name).ToList();
        return named switch
        {
            { IsPostgres: true } => $"PostgreSQL keeps {named.Name} for superusers: grant it to nobody, and read something else.",
            { IsTable: true } when open.Count == 0 && candidates.Count > 0 => $"Use something else than {candidates[0].Name}. {OwnStayClosed}",
            _ when Right(named, isWrite) is { } right => Advice(right, open, named) + Note(named, isWrite) + (open.Count < candidates.Count ? " " + OwnStayClosed : ""),
            _ => "Grant what PostgreSQL names to that role, or to the owner of the view or the function that the SQL uses.",
        };
    }

    private static string Advice(string right, List<string> open, DeniedObject named) => open switch
    {
        [] => $"Run as its owner: grant {right} {SqlName.Quoted(named.Name)} to {JobRole.Name}{(named.Kind is "schema" or "language" or "foreign server" ? "" : Unqualified)}.",
        [var one] => $"Run as its owner: grant {right} {one} to {JobRole.Name}.",
        _ => $"Run as its owner what the SQL means of: {string.Join("; ", open.Select(name => $"grant {right} {name} to {JobRole.Name}"))}.",
    };

    private static string? Right(DeniedObject named, bool isWrite) => named switch
    {
        { IsTable: true } => isWrite ? "insert on" : "select on",
        { Kind: "procedure" } => "execute on procedure",
        { IsRoutine: true } => "execute on function",
        { Kind: "schema" or "sequence" or "type" or "domain" or "language" or "foreign server" } => $"usage on {named.Kind}",
        _ => null,
    };

    private static string Note(DeniedObject named, bool isWrite) => !named.IsTable ? ""
        : $" {(isWrite ? "If the SQL updates, deletes or reads there, grant that. " : "")}A table below a view takes the grant for the view's owner.";
}
