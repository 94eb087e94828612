using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Storage;

/// <summary>Decides why a column is missing, and says the statement that mends it. Pure.</summary>
internal static class ColumnRemedy
{
    /// <summary>The reason why a part is missing; null if it is no column, or if nothing tells where the column is.</summary>
    /// <param name="part">The missing part, as <c>column slowlane.job.id uuid</c>.</param>
    /// <param name="others">The columns that are not as the migrations made them.</param>
    public static string? Of(string part, IReadOnlyList<OtherColumn> others)
    {
        if (!part.StartsWith(SchemaObjects.Column, StringComparison.Ordinal))
        {
            return null;
        }

        var (column, type) = Halves(part[SchemaObjects.Column.Length..], ' ');
        var (table, name) = Halves(column, '.');
        var ofTable = others.Where(other => string.Equals(other.Table, table, StringComparison.Ordinal)).ToList();
        return ofTable.Find(other => string.Equals(other.Name, name, StringComparison.Ordinal)) is { } changed
            ? $"The column {column} has the type {changed.Type} instead of {type}. Run as its owner: alter table {table} alter column {name} type {type} using {name}::{type};"
            : ofTable.FindAll(other => string.Equals(other.Type, type, StringComparison.Ordinal)) is [var renamed]
            ? $"The database lacks the column {column}, and the column {renamed.Name} is not of a migration; perhaps it was renamed. Run as its owner: alter table {table} rename column {renamed.Name} to {name};"
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
        return $"The database lacks {string.Join(", ", columns)}, and the migrations that create it are recorded as applied. Restore it from a backup; or, if nothing in these tables has to be kept, run: drop table if exists {string.Join(", ", ExpectedTables.TablesOf(own))} cascade; delete from slowlane.migration where name in ({names}); the app then creates them anew.";
    }

    private static bool IsOf(string part, string column) => string.Equals(part, SchemaObjects.Column + column, StringComparison.Ordinal);

    private static (string Before, string After) Halves(string text, char separator)
    {
        var at = text.LastIndexOf(separator);
        return (text[..at], text[(at + 1)..]);
    }
}
