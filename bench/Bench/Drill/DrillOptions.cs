using Slowlane.Bench.Commands;

namespace Slowlane.Bench.Drill;

/// <summary>What to drill.</summary>
internal sealed record DrillOptions
{
    /// <summary>Hosts with workers, beside the front.</summary>
    public const int Hosts = 2;

    public static IReadOnlyList<Option<DrillOptions>> All { get; } =
    [
        new(
            "--seed N",
            "makes the plan; the same seed, the same plan (a new one each time)",
            (options, value) => options with { Seed = value.Number(0, int.MaxValue) }),
        new("--jobs N", "jobs to submit, 1 to 100000 (400)", (options, value) => options with { Jobs = value.Number(1, 100_000) }),
        new(
            "--seconds N",
            "length of the plan, 20 to 86400 (150)",
            (options, value) => options with { Length = TimeSpan.FromSeconds(value.Number(20, 86_400)) }),
        new("--workers N", "worker processes of each of the two hosts, 1 to 8 (2)", (options, value) => options with { Workers = value.Number(1, 8) }),
        new("--log FILE", "keep what the processes say", (options, value) => options with { Log = value.Text }),
    ];

    public int Seed { get; init; } = Random.Shared.Next(1_000_000);

    public int Jobs { get; init; } = 400;

    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(150);

    public int Workers { get; init; } = 2;

    public string? Log { get; init; }
}
