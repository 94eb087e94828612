namespace Slowlane.Bench.Profile;

/// <summary>The same figures in SQL. Pure.</summary>
internal static class SqlText
{
    private const int Bins = 20;
    private const int Top = 10;

    /// <summary>One statement for these columns: the aggregates in one pass, then the histograms, which need the ends, and the frequent values.</summary>
    public static string Of(IReadOnlyCollection<WideColumn> columns) => $"""
        with a as materialized (select {string.Join(", ", columns.SelectMany(Aggregates))} from {WideTable.Name})
        select a.*{string.Concat(columns.SelectMany(Others).Select(other => ", " + other))} from a
        """;

    private static IEnumerable<string> Aggregates(WideColumn column)
    {
        var name = column.Name;
        string[] common = [$"count({name}) as {name}_count", $"count(*) - count({name}) as {name}_nulls", $"count(distinct {name}) as {name}_distinct"];
        return common.Concat(column.Kind switch
        {
            Kind.Number =>
            [
                .. Ends(column), $"avg({name})::float8 as {name}_mean", $"stddev_samp({name})::float8 as {name}_deviation",
                $"percentile_cont(array[0.25, 0.5, 0.75]) within group (order by {name}::float8) as {name}_quartiles",
            ],
            Kind.Boolean => [$"count(*) filter (where {name}) as {name}_true"],
            Kind.Text => [.. Ends(column), $"min(length({name})) as {name}_shortest", $"max(length({name})) as {name}_longest", $"avg(length({name}))::float8 as {name}_length"],
            Kind.Time => Ends(column),
            _ => [],
        });
    }

    private static string[] Ends(WideColumn column) => [$"min({Ordered(column)}) as {column.Name}_min", $"max({Ordered(column)}) as {column.Name}_max"];

    // Texts by code point, as the profile orders them.
    private static string Ordered(WideColumn column) => column.Kind == Kind.Text ? $"{column.Name}::text collate \"C\"" : column.Name;

    private static string[] Others(WideColumn column) => column.Kind switch
    {
        Kind.Number or Kind.Time => [$"(select array_agg(n order by bin) from ({Histogram(column)}) h) as {column.Name}_histogram"],
        Kind.Text => [$"(select array_agg(n) from (select count(*) as n from {WideTable.Name} where {column.Name} is not null group by {column.Name} order by n desc limit {Top}) t) as {column.Name}_top"],
        _ => [],
    };

    private static string Histogram(WideColumn column)
        => $"select least(width_bucket({Position(column, column.Name)}, {Position(column, $"a.{column.Name}_min")}, {Position(column, $"a.{column.Name}_max")}, {Bins}), {Bins}) as bin, count(*) as n from {WideTable.Name} where {column.Name} is not null group by 1";

    private static string Position(WideColumn column, string value) => column.Kind == Kind.Time ? $"extract(epoch from {value})::float8" : $"{value}::float8";
}
