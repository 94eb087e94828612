using Slowlane.Bench;

namespace Slowlane.Partitions;

/// <summary>What to profile, and how often.</summary>
internal sealed record PartitionsOptions
{
    public const string Help = """
        Profiles one table whole and in parts, by one worker and by two, undisturbed and with processes killed: how long it
        takes, and whether it is the same profile.

          dotnet run -c Release --project bench/Partitions -- OPTIONS

          --rows N        rows of the table, 1 to 100000000 (5000000)
          --partitions N  parts, 1 to 64 (4)
          --runs N        runs of each, 1 to 100; times are medians (3)

        Ends with 0 when every profile equals the first and was written once, with 1 when one doesn't or wasn't, with 2 when an option is wrong.
        """;

    public int Rows { get; init; } = 5_000_000;

    public int Partitions { get; init; } = 4;

    public int Runs { get; init; } = 3;

    /// <exception cref="FormatException">An option is unknown or out of bounds; says which, and the bound.</exception>
    public static PartitionsOptions Parse(IReadOnlyList<string> args)
    {
        var options = new PartitionsOptions();
        foreach (var option in Option.Read(args))
        {
            options = option.Name switch
            {
                "--rows" => options with { Rows = option.Number(1, 100_000_000) },
                "--partitions" => options with { Partitions = option.Number(1, 64) },
                "--runs" => options with { Runs = option.Number(1, 100) },
                _ => throw option.Unknown("this benchmark"),
            };
        }

        return options;
    }
}
