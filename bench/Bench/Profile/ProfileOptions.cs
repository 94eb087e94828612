using Slowlane.Bench.Commands;

namespace Slowlane.Bench.Profile;

/// <summary>What to measure.</summary>
internal sealed record ProfileOptions
{
    private static readonly string[] Known = ["slowlane", "compute", "sql", "pandas"];

    public static IReadOnlyList<Option<ProfileOptions>> All { get; } =
    [
        new(
            "--rows A,B",
            "sizes of the table, 1,000 to 100,000,000 (1000000,10000000)",
            (options, value) => options with { Rows = [.. value.Items().Select(size => size.Number(1000, 100_000_000))] }),
        new(
            "--runs N",
            "rounds, 1 to 100; figures are medians, with the least and the greatest (3)",
            (options, value) => options with { Runs = value.Number(1, 100) }),
        new("--sql-runs N", "rounds of PostgreSQL's aggregates, which take minutes (1)", (options, value) => options with { SqlRuns = value.Number(1, 100) }),
        new(
            "--only A,B",
            "of slowlane, compute, sql, pandas (all); SQL is always asked for the figures to check",
            (options, value) => options with { Only = value.Choose(Known, part => part) }),
        new("--out FOLDER", "where to write (bench/results)", (options, value) => options with { Out = value.Text }),
        new(
            "--short",
            "20,000 rows, Slowlane and SQL, once and no figures: that the exact figures are equal",
            (options, _) => options with { Short = true, Rows = [20_000], Runs = 1, SqlRuns = 1, Only = ["slowlane", "sql"] }),
    ];

    public IReadOnlyList<int> Rows { get; init; } = [1_000_000, 10_000_000];

    public int Runs { get; init; } = 3;

    public int SqlRuns { get; init; } = 1;

    public IReadOnlyList<string> Only { get; init; } = Known;

    /// <summary>Null: <c>bench/results</c>, and nowhere in the short form.</summary>
    public string? Out { get; init; }

    public bool Short { get; init; }

    public bool Has(string part) => Only.Contains(part, StringComparer.Ordinal);
}
