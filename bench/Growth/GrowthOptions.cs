using Slowlane.Bench;

namespace Slowlane.Growth;

/// <summary>How far to let things grow.</summary>
internal sealed record GrowthOptions
{
    public const string Help = """
        Lets jobs, finished rows and messages grow in a real PostgreSQL and a real Azurite, and times the app's own calls at each level.

          dotnet run -c Release --project bench/Growth -- OPTIONS

          --finished A,B  finished jobs (0,1000000,10000000); the queued ones come on top of the second level
          --queued A,B    queued jobs (1000,10000,100000)
          --messages A,B  messages in the queue (0,1000,10000,100000); none: leave Azurite out
          --calls N       calls of each statement at each level, 1 to 10000 (300)
          --out FOLDER    where to write (bench/results)
          --short         few of each, and no figures: that no hot statement reads a large table from end to end, and each
                          touches a bounded number of pages

        Ten million finished jobs take 8 GB of disk in the temporary folder, and a quarter of an hour.
        Ends with 0 when every plan is as it should be, with 1 when one isn't, with 2 when an option is wrong.
        """;

    public IReadOnlyList<int> Finished { get; init; } = [0, 1_000_000, 10_000_000];

    public IReadOnlyList<int> Queued { get; init; } = [1_000, 10_000, 100_000];

    public IReadOnlyList<int> Messages { get; init; } = [0, 1_000, 10_000, 100_000];

    public int Calls { get; init; } = 300;

    /// <summary>Null: <c>bench/results</c>, and nowhere in the short form.</summary>
    public string? Out { get; init; }

    public bool Short { get; init; }

    /// <exception cref="FormatException">An option is unknown or out of bounds; says which, and the bound.</exception>
    public static GrowthOptions Parse(IReadOnlyList<string> args)
    {
        var options = new GrowthOptions();
        foreach (var option in Option.Read(args, "--short"))
        {
            options = option.Name switch
            {
                "--short" => options with { Short = true, Finished = [0, 20_000], Queued = [2_000], Messages = [0, 300], Calls = 10 },
                "--finished" => options with { Finished = Levels(option) },
                "--queued" => options with { Queued = Levels(option) },
                "--messages" => options with { Messages = option.Value is "none" ? [] : Levels(option) },
                "--calls" => options with { Calls = option.Number(1, 10_000) },
                "--out" => options with { Out = option.Value },
                _ => throw option.Unknown("this benchmark"),
            };
        }

        return options;
    }

    // Each level is filled up to from the one before.
    private static int[] Levels(Option option)
    {
        int[] levels = [.. option.Items().Select(level => level.Number(0, 50_000_000))];
        return levels.SequenceEqual(levels.Order()) ? levels : throw new FormatException($"{option.Name} is '{option.Value}'; name the levels from the lowest to the highest.");
    }
}
