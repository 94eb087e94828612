using System.Globalization;
using Slowlane.Bench.Commands;

namespace Slowlane.Bench.Throughput;

/// <summary>How many jobs, and how long they compute.</summary>
internal sealed record ThroughputOptions
{
    public static IReadOnlyList<Option<ThroughputOptions>> All { get; } =
    [
        new("--jobs N", "jobs of each kind, 1 to 1000000 (5000)", (options, value) => options with { Jobs = value.Number(1, 1_000_000) }),
        new("--spin A,B", "milliseconds that each computes (0,1)", (options, value) => options with { Spins = [.. value.Items().Select(Milliseconds)] }),
        new("--settings TEXT", "settings on top of the database's connection string", (options, value) => options with { Settings = value.Text }),
        new("--short", "500 jobs that compute nothing: that each is written once", (options, _) => options with { Jobs = 500, Spins = [0] }),
    ];

    public int Jobs { get; init; } = 5000;

    public IReadOnlyList<double> Spins { get; init; } = [0, 1];

    public string Settings { get; init; } = "";

    private static double Milliseconds(OptionValue value)
        => double.TryParse(value.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= 60_000
            ? milliseconds
            : throw new FormatException($"{value.Option} is '{value.Text}'; choose milliseconds from 0 to 60000.");
}
