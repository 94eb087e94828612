using Slowlane.Bench.Commands;

namespace Slowlane.Bench.Growth;

/// <summary>How far to let things grow.</summary>
internal sealed record GrowthOptions
{
    public static IReadOnlyList<Option<GrowthOptions>> All { get; } =
    [
        new(
            "--finished A,B",
            "finished jobs (0,1000000,10000000); the queued ones come on top of the second level",
            (options, value) => options with { Finished = Levels(value) }),
        new("--queued A,B", "queued jobs (1000,10000,100000)", (options, value) => options with { Queued = Levels(value) }),
        new(
            "--messages A,B",
            "messages in the queue (0,1000,10000,100000); none: leave Azurite out",
            (options, value) => options with { Messages = value.Text is "none" ? [] : Levels(value) }),
        new("--calls N", "calls of each statement at each level, 1 to 10000 (300)", (options, value) => options with { Calls = value.Number(1, 10_000) }),
        new("--out FOLDER", "where to write (bench/results)", (options, value) => options with { Out = value.Text }),
        new(
            "--short",
            "few of each, and no figures: that no hot statement reads a large table from end to end, and each\ntouches a bounded number of pages",
            (options, _) => options with { Short = true, Finished = [0, 20_000], Queued = [2_000], Messages = [0, 300], Calls = 10 }),
    ];

    public IReadOnlyList<int> Finished { get; init; } = [0, 1_000_000, 10_000_000];

    public IReadOnlyList<int> Queued { get; init; } = [1_000, 10_000, 100_000];

    public IReadOnlyList<int> Messages { get; init; } = [0, 1_000, 10_000, 100_000];

    public int Calls { get; init; } = 300;

    /// <summary>Null: <c>bench/results</c>, and nowhere in the short form.</summary>
    public string? Out { get; init; }

    public bool Short { get; init; }

    // Each level is filled up to from the one before.
    private static int[] Levels(OptionValue value)
    {
        int[] levels = [.. value.Items().Select(level => level.Number(0, 50_000_000))];
        return levels.Length > 0 && levels.SequenceEqual(levels.Order())
            ? levels
            : throw new FormatException($"{value.Option} is '{value.Text}'; name the levels from the lowest to the highest.");
    }
}
