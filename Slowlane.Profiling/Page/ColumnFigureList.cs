using System.Globalization;

namespace Slowlane.Profiling.Page;

/// <summary>The single figures of a column, each with its name.</summary>
internal static class ColumnFigureList
{
    /// <summary>The number of characters of a text that are shown.</summary>
    public const int MaxText = 80;

    public static IEnumerable<(string Name, string Value)> Of(ColumnProfile column)
    {
        (string Name, string? Value)[] figures =
        [
            ("values", Html.Number(column.Count)),
            ("nulls", Html.Number(column.Nulls)),
            ("distinct", ColumnLine.Distinct(column.Distinct)),
            ("min", Data(column.Min)),
            ("max", Data(column.Max)),
            ("order of the rows", column.Order?.Replace('-', ' ')),
            .. column.Numbers is { } numbers ? Numbers(numbers) : [],
            .. column.Times is { } times ? Times(times) : [],
            .. column.Lengths is { } lengths ? Lengths(lengths) : [],
            ("kind", column.Kind is { } kind ? Kind(kind) : null),
            .. column.Spaces is { } spaces ? Spaces(spaces) : [],
        ];
        return figures.Where(figure => figure.Value is not null).Select(figure => (figure.Name, figure.Value!));
    }

    /// <summary>A sign before an estimate, with its error as its title. Empty for an exact figure.</summary>
    public static string Mark(bool exact, double error, string of)
        => exact ? "" : string.Create(CultureInfo.InvariantCulture, $"<span title=\"estimate: {of} within {Html.Percent(error)} of all values\">≈</span> ");

    private static (string Name, string? Value)[] Numbers(NumberFigures numbers) =>
    [
        ("sum", Number(numbers.Sum)),
        ("mean", Number(numbers.Mean)),
        ("standard deviation", Number(numbers.StandardDeviation)),
        ("skewness", Number(numbers.Skewness)),
        ("excess kurtosis", Number(numbers.Kurtosis)),
        ("quartiles", numbers.Quantiles is { } q ? $"{Mark(q.Exact, q.RankError, "ranks")}{Html.Number(q.Q1)} · {Html.Number(q.Median)} · {Html.Number(q.Q3)}" : null),
        ("1 %, 5 %, 95 %, 99 %", numbers.Quantiles is { } p ? $"{Html.Number(p.P1)} · {Html.Number(p.P5)} · {Html.Number(p.P95)} · {Html.Number(p.P99)}" : null),
        ("outliers", numbers.Outliers is { } o ? $"{Mark(o.Exact, o.CountError, "count")}{Html.Number(o.Count)} outside {Html.Number(o.Below)} to {Html.Number(o.Above)}" : null),
        ("smallest", Counts(numbers.Smallest)),
        ("largest", Counts(numbers.Largest)),
        ("zeros", Some(numbers.Zeros)),
        ("negative", Some(numbers.Negatives)),
        ("NaN", Some(numbers.NaN)),
        ("infinity", Some(numbers.Infinity)),
        ("-infinity", Some(numbers.MinusInfinity)),
        ("beyond double", Some(numbers.BeyondDouble)),
    ];

    private static (string Name, string? Value)[] Times(TimeFigures times) =>
    [
        ("mean", Text(times.Mean)),
        ("quartiles", times.Quantiles is { } q ? $"{Mark(q.Exact, q.RankError, "ranks")}{Text(q.Q1)} · {Text(q.Median)} · {Text(q.Q3)}" : null),
        ("1 %, 5 %, 95 %, 99 %", times.Quantiles is { } p ? $"{Text(p.P1)} · {Text(p.P5)} · {Text(p.P95)} · {Text(p.P99)}" : null),
        ("in the future", times.Future is { Count: > 0 } future ? Mark(future.Exact, future.CountError, "count") + Html.Number(future.Count) : null),
        ("infinity", Some(times.Infinity)),
        ("-infinity", Some(times.MinusInfinity)),
    ];

    private static (string Name, string? Value)[] Lengths(LengthFigures lengths)
        => [("lengths", $"{Html.Number(lengths.Min)} to {Html.Number(lengths.Max)}, mean {Html.Number(lengths.Mean)}")];

    private static (string Name, string? Value)[] Spaces(SpaceFigures spaces)
        => [("empty", Some(spaces.Empty)), ("blank", Some(spaces.Blank)), ("untrimmed", Some(spaces.Untrimmed))];

    private static string Kind(KindFigure kind)
        => $"{kind.Name}, {(kind.Exact ? "" : "<span title=\"estimate, from a sample of the distinct values\">≈</span> ")}{Html.Percent(kind.Share)}";

    private static string? Number(double? number) => number is { } value ? Html.Number(value) : null;

    private static string? Some(long count) => count > 0 ? Html.Number(count) : null;

    private static string? Data(string? text) => text is null ? null : Html.Data(text, MaxText);

    private static string? Text(string? text) => text is null ? null : Html.Text(text);

    private static string? Counts(IReadOnlyList<NumberCount>? numbers)
        => numbers is null ? null : string.Join(" · ", numbers.Select(number => Html.Number(number.Value) + (number.Count > 1 ? $" <span class=soft>× {Html.Number(number.Count)}</span>" : "")));
}
