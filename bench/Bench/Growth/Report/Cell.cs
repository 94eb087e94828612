using Slowlane.Bench.Growth.Plans;
using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Growth.Report;

/// <summary>What a call took at one level.</summary>
/// <param name="Name">The call.</param>
/// <param name="Level">The level.</param>
/// <param name="P50">In milliseconds.</param>
/// <param name="P99">In milliseconds; the highest where <paramref name="Calls"/> are too few for it.</param>
/// <param name="Calls">How many were timed.</param>
/// <param name="Plans">Of one call; empty for what is not the database's.</param>
internal sealed record Cell(string Name, string Level, double P50, double P99, int Calls, IReadOnlyList<Plan> Plans)
{
    /// <summary>Of fewer calls the 99th percentile by nearest rank is the highest, and is not to be called anything else.</summary>
    private const int EnoughForP99 = 100;

    /// <summary>True when <see cref="P99"/> is more than another word for the highest.</summary>
    public bool HasP99 => Calls >= EnoughForP99;

    /// <summary>Pages of the database that one call touches.</summary>
    public long Pages => Plans.Sum(plan => plan.Buffers);

    /// <summary>How many calls a second were made; 0 where that says nothing.</summary>
    public double PerSecond { get; init; }

    public static Cell Of(string name, string level, IReadOnlyCollection<double> milliseconds, IReadOnlyList<Plan> plans)
        => new(name, level, Percentile.Of(milliseconds, 0.5), Percentile.Of(milliseconds, 0.99), milliseconds.Count, plans);
}
