using Slowlane.Bench;

namespace Slowlane.ProfileBench;

/// <summary>What to measure.</summary>
internal sealed record ProfileOptions
{
    public const string Help = """
        Profiles a table of 20 columns by Slowlane, by PostgreSQL's own aggregates and by pandas, side by side.

          dotnet run -c Release --project bench/Profile -- OPTIONS

          --rows A,B      sizes of the table, 1,000 to 100,000,000 (1000000,10000000)
          --runs N        rounds, 1 to 100; figures are medians, with the least and the greatest (3)
          --sql-runs N    rounds of PostgreSQL's aggregates, which take minutes (1)
          --only A,B      of slowlane, compute, sql, pandas (all); SQL is always asked for the figures to check
          --out FOLDER    where to write (bench/results)
          --short         20,000 rows, Slowlane and SQL, once and no figures: that the exact figures are equal

        pandas is left out where /usr/bin/python3 lacks it. All of it needs Linux, and 400 MB of disk a million rows.
        Ends with 0 when every exact figure equals PostgreSQL's, with 1 when one doesn't, with 2 when an option is wrong.
        """;

    private const string Wanted = "whole numbers";

    private static readonly string[] Known = ["slowlane", "compute", "sql", "pandas"];

    public IReadOnlyList<int> Rows { get; init; } = [1_000_000, 10_000_000];

    public int Runs { get; init; } = 3;

    public int SqlRuns { get; init; } = 1;

    public IReadOnlyList<string> Only { get; init; } = Known;

    /// <summary>Null: <c>bench/results</c>, and nowhere in the short form.</summary>
    public string? Out { get; init; }

    public bool Short { get; init; }

    public bool Has(string part) => Only.Contains(part, StringComparer.Ordinal);

    /// <exception cref="FormatException">An option is unknown or out of bounds; says which, and the bound.</exception>
    public static ProfileOptions Parse(IReadOnlyList<string> args)
    {
        var options = new ProfileOptions();
        foreach (var option in Option.Read(args, "--short"))
        {
            options = option.Name switch
            {
                "--short" => options with { Short = true, Rows = [20_000], Runs = 1, SqlRuns = 1, Only = ["slowlane", "sql"] },
                "--rows" => options with { Rows = [.. option.Items().Select(size => size.Number(1000, 100_000_000, Wanted))] },
                "--runs" => options with { Runs = option.Number(1, 100, Wanted) },
                "--sql-runs" => options with { SqlRuns = option.Number(1, 100, Wanted) },
                "--only" => options with { Only = [.. option.Items().Select(OneOf)] },
                "--out" => options with { Out = option.Value },
                _ => throw option.Unknown("the bench"),
            };
        }

        return options;
    }

    private static string OneOf(Option part)
        => Known.Contains(part.Value, StringComparer.Ordinal) ? part.Value : throw new FormatException($"{part.Name} is '{part.Value}'; choose from {string.Join(", ", Known)}.");
}
