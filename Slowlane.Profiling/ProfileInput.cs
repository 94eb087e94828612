using System.Text.Json;
using Slowlane.Jobs;
using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Drift;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling;

/// <summary>The input of a profile: a table or inline rows, exactly one of them.</summary>
internal sealed record ProfileInput
{
    private static readonly (string Field, string Sentence)[] OfTables =
    [
        ("partitions", "splits a table; leave it out with 'rows', which one worker profiles."),
        ("rowSecurity", "is about the policies of a table; leave it out with 'rows', which have none."),
        ("firstRows", "shows rows of a table; leave it out with 'rows', which you have."),
        ("sample", "draws from a table; leave it out with 'rows', and send only the rows that you mean."),
        ("baseline", "names an earlier profile of a table; leave it out with 'rows'."),
        ("where", "chooses rows of a table; leave it out with 'rows', and send only the rows that you mean."),
    ];

    /// <summary>The table, view, materialized view or foreign table. Null for inline rows.</summary>
    public TableName? Table { get; init; }

    /// <summary>The inline rows. Null for a table.</summary>
    public InlineRows? Rows { get; init; }

    /// <summary>The columns to profile, in this order. Null for all columns.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The number of most frequent values to report, 0 to 100; 10 by default.</summary>
    public int Top { get; init; } = 10;

    /// <summary>The number of bins of a histogram, 1 to 200; 20 by default.</summary>
    public int Bins { get; init; } = 20;

    /// <summary>The number of partitions into which a table is split, for as many workers. 1 to 64; 1 by default.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>
    /// Whether to profile only the rows that row-level security shows to the role of jobs. False by default: a table that would lose rows by it is
    /// refused.
    /// </summary>
    public bool RowSecurity { get; init; }

    /// <summary>The values that rows must have in some columns. Empty for all rows.</summary>
    public IReadOnlyList<WhereColumn> Where { get; init; } = [];

    /// <summary>The sample of the table to profile instead of all rows. Null for all rows.</summary>
    public TableSample? Sample { get; init; }

    /// <summary>The number of rows to show, 0 to 20; none by default.</summary>
    public int FirstRows { get; init; }

    /// <summary>The earlier profile to compare with. Null for none.</summary>
    public BaselineInput? Baseline { get; init; }

    /// <summary>The population stability index from which on a column counts as drifted, 0.01 to 10; 0.25 by default.</summary>
    public double DriftThreshold { get; init; } = BaselineInput.UsualThreshold;

    /// <summary>The values of <c>where</c> as they were sent. Null for all rows.</summary>
    public IReadOnlyDictionary<string, JsonElement>? GivenWhere
        => Where.Count == 0 ? null : Where.ToDictionary(column => column.Name, column => column.Given, StringComparer.Ordinal);

    internal static ProfileInput Read(InputReader reader)
    {
        var input = new ProfileInput
        {
            Columns = ReadColumns(reader),
            Top = reader.GetInt32("top", 0, ValueRanking.Most, 10),
            Bins = reader.GetInt32("bins", 1, 200, 20),
            Partitions = reader.GetInt32("partitions", 1, 64, 1),
            RowSecurity = reader.GetBoolean("rowSecurity"),
            Where = WhereInput.Read(reader),
            Sample = TableSample.Of(reader.GetDouble("sample", TableSample.Least, 1, 1)),
            FirstRows = reader.GetInt32("firstRows", 0, Sources.FirstRows.Most),
            Baseline = BaselineInput.Read(reader),
            DriftThreshold = BaselineInput.ReadThreshold(reader),
            Table = ReadTable(reader),
        };

        if (reader.Has("table") == reader.Has("rows"))
        {
            reader.AddError("", $"The input has {(reader.Has("table") ? "both 'table' and" : "neither 'table' nor")} 'rows'; send exactly one of them.");
        }

        foreach (var (field, sentence) in reader.Has("rows") ? OfTables.Where(rule => reader.Has(rule.Field)) : [])
        {
            reader.AddError(field, $"'{field}' {sentence}");
        }

        return input with { Rows = InlineRows.Read(reader, input.Columns) };
    }

    private static TableName? ReadTable(InputReader reader)
    {
        // Two quoted names of 63 bytes, in which each character is a doubled quote, and a reserve.
        if (reader.GetString("table", 300) is not { } text)
        {
            return null;
        }

        if (!TableName.TryParse(text, out var name, out var fault))
        {
            reader.AddError("table", fault);
        }

        return name;
    }

    private static IReadOnlyList<string>? ReadColumns(InputReader reader)
    {
        var names = reader.GetStrings("columns", InlineRows.MaxColumns, 200);
        if (names is { Count: 0 } && !reader.Errors.Keys.Any(field => field.StartsWith("columns", StringComparison.Ordinal)))
        {
            reader.AddError("columns", "'columns' is empty; name at least one column, or leave it out for all.");
        }

        foreach (var twice in names?.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Take(10) ?? [])
        {
            reader.AddError("columns", $"'columns' names '{JsonValue.Shorten(twice.Key)}' more than once; name each column once.");
        }

        return names;
    }
}
