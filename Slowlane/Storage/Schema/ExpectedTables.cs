using System.Text.RegularExpressions;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Storage.Schema;

/// <summary>The tables of the engine and of job types, with what statements need of them.</summary>
/// <param name="Names">The tables, with their schemas.</param>
/// <param name="Parts">Their parts, as <see cref="SchemaObjects.Parts"/>.</param>
/// <param name="Grants">What scripts grant to the role of jobs' SQL.</param>
internal sealed partial record ExpectedTables(IReadOnlyList<string> Names, IReadOnlyList<string> Parts, IReadOnlyList<MigrationGrant> Grants)
{
    /// <summary>What the engine and these scripts create.</summary>
    public static ExpectedTables Of(IReadOnlyList<MigrationScripts> scripts) => new(
        [.. SchemaObjects.Tables.Select(table => "slowlane." + table).Concat(scripts.SelectMany(TablesOf)).Distinct(StringComparer.Ordinal)],
        [.. SchemaObjects.Parts.Concat(scripts.SelectMany(script => script.Columns).Select(column => SchemaObjects.Column + column)).Distinct(StringComparer.Ordinal)],
        [.. scripts.SelectMany(script => script.Grants)]);

    /// <summary>The tables that scripts of a job type declare columns of.</summary>
    public static IEnumerable<string> TablesOf(MigrationScripts scripts) => scripts.Columns.Select(TableOf).Distinct(StringComparer.Ordinal);

    /// <summary>The table of a column, which is written as <c>schema.table.column type</c>.</summary>
    public static string TableOf(string column) => column[..column.LastIndexOf('.')];

    /// <exception cref="ArgumentException">A column is not written as <c>schema.table.column type</c>.</exception>
    public static void Check(IReadOnlyList<string> columns)
    {
        if (columns.FirstOrDefault(column => !Column().IsMatch(column)) is { } wrong)
        {
            throw new ArgumentException($"'{wrong}' is no column; write schema.table.column and its type's name in pg_type, as in public.invoice.total numeric.", nameof(columns));
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_$]*[.][a-z_][a-z0-9_$]*[.][a-z_][a-z0-9_$]* [a-z_][a-z0-9_$]*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Column();
}
