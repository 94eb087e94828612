using Slowlane.Bench.Commands;

namespace Slowlane.Bench.Partitions;

/// <summary>What to profile, and how often.</summary>
internal sealed record PartitionsOptions
{
    public static IReadOnlyList<Option<PartitionsOptions>> All { get; } =
    [
        new("--rows N", "rows of the table, 1 to 100000000 (5000000)", (options, value) => options with { Rows = value.Number(1, 100_000_000) }),
        new("--partitions N", "parts, 1 to 64 (4)", (options, value) => options with { Partitions = value.Number(1, 64) }),
        new("--runs N", "runs of each, 1 to 100; times are medians (3)", (options, value) => options with { Runs = value.Number(1, 100) }),
    ];

    public int Rows { get; init; } = 5_000_000;

    public int Partitions { get; init; } = 4;

    public int Runs { get; init; } = 3;
}
