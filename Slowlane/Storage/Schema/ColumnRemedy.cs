using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Storage.Schema;

/// <summary>Decides why a column is missing, and says the statement that mends it. Pure.</summary>
internal static class ColumnRemedy
{
    /// <summary>The reason why the first missing part is missing; null if it is no column, or if nothing tells where the column is.</summary>
    /// <param name="missing">The missing parts, as <c>column slowlane.job.id uuid</c>.</param>
    /// <param name="others">The columns that are not as the migrations made them.</param>
    public static string? Of(IReadOnlyList<string> missing, IReadOnlyList<OtherColumn> others)
    {
        if (!missing[0].StartsWith(SchemaObjects.Column, StringComparison.Ordinal))
        {
            return null;
        }

        var (column, type) = Halves(missing[0][SchemaObjects.Column.Length..], ' ');
        var (table, name) = Halves(column, '.');
        var ofTable = others.Where(other => string.Equals(other.Table, table, StringComparison.Ordinal)).ToList();
        if (ofTable.Find(other => string.Equals(other.Name.Trim('"'), name, StringComparison.Ordinal)) is { } changed)
        {
            return $"The column {column} has the type {changed.Type} instead of {type}. Run as its owner: alter table {table} alter column {changed.Name} type {type} using {changed.Name}::{type};";
        }

        // Where more columns are unknown than missing, a job type has declared some of its columns, and any may be the one.
        return ofTable.Count == missing.Count(part => part.StartsWith($"{SchemaObjects.Column}{table}.", StringComparison.Ordinal)) && ofTable.FindAll(other => string.Equals(other.Type, type, StringComparison.Ordinal)) is [var renamed]
            ? $"The database lacks the column {column}, and the column {renamed.Name} is not of a migration; perhaps it was renamed. Run as its owner: alter table {table} rename column {renamed.Name} to {SqlName.Quoted(name)};"
            : null;
    }

    /// <summary>The reason if the first missing part is a job type's; null otherwise.</summary>
    /// <param name="missing">All missing parts.</param>
    /// <param name="scripts">The scripts of the engine and of job types.</param>
    public static string? OfJobType(IReadOnlyList<string> missing, IReadOnlyList<MigrationScripts> scripts)
    {
        if (scripts.FirstOrDefault(script => script.Columns.Any(column => IsOf(missing[0], column))) is not { } own)
        {
            return null;
        }

        var columns = own.Columns.Where(column => missing.Any(part => IsOf(part, column)));
        var names = string.Join(", ", own.Names.Select(name => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'"));
        return $"The database lacks {string.Join(", ", columns)}, and the migrations that create it are recorded as applied. Restore it from a backup; or, if nothing of it has to be kept, drop all that these migrations have created, and run: delete from slowlane.migration where name in ({names}); the app then creates it anew.";
    }

    private static bool IsOf(string part, string column) => string.Equals(part, SchemaObjects.Column + column, StringComparison.Ordinal);

    private static (string Before, string After) Halves(string text, char separator)
    {
        var at = text.LastIndexOf(separator);
        return (text[..at], text[(at + 1)..]);
    }
}
