namespace Slowlane.Execution.SqlFaults;

/// <summary>An object of the catalog that a refusal may mean, and that the jobs' role lacks a right to.</summary>
/// <param name="Kind">Its kind, as a grant names it; <c>table</c> for all that has columns.</param>
/// <param name="Schema">Its schema; empty if it has none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Target">Its name in SQL, with its schema.</param>
/// <param name="IsClosed">Whether it is Slowlane's own, so that no job should get a right to it.</param>
/// <param name="IsVisible">Whether SQL finds it without its schema.</param>
internal sealed record DeniedCandidate(string Kind, string Schema, string Name, string Target, bool IsClosed = false, bool IsVisible = false)
{
    /// <summary>Whether nobody but a superuser may use it.</summary>
    public bool IsPostgres => Name.StartsWith("pg_", StringComparison.Ordinal);
}
