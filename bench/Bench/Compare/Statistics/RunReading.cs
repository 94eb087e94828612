using Slowlane.Bench.Compare.Checks;

namespace Slowlane.Bench.Compare.Statistics;

/// <summary>What one step of one run read, and what there is to say against it.</summary>
/// <param name="Variant">Which variant.</param>
/// <param name="Round">Which round, from 0.</param>
/// <param name="Step">Which step.</param>
/// <param name="Breaks">Whether the step breaks something, so that losses are its figure.</param>
/// <param name="Figures">What it read.</param>
/// <param name="LagP99">The driver's own delay in milliseconds; null where latency isn't measured.</param>
/// <param name="Jobs">What became of its jobs, as it stood when the variant was stopped.</param>
/// <param name="Others">How busy the machine was before it, from 0 to 1.</param>
internal sealed record RunReading(string Variant, int Round, string Step, bool Breaks, IReadOnlyDictionary<string, double> Figures, double? LagP99, Tally Jobs, double Others)
{
    /// <summary>A driver that is later than this measures itself.</summary>
    public const double MaxLagMilliseconds = 1;

    /// <summary>How many of the requests whose latency is measured were answered without success, or not at all.</summary>
    public int Unsuccessful { get; init; }

    /// <summary>Why this reading's figures are not to be printed; null when they are.</summary>
    public string? Doubt => this switch
    {
        { Breaks: false, Jobs.Balances: false } => FormattableString.Invariant($"of {Jobs.Accepted + Jobs.Refused} jobs {Jobs.Refused} not accepted, {Jobs.Lost} lost, {Jobs.Repeated} written again"),
        { Unsuccessful: > 0 } => FormattableString.Invariant($"{Unsuccessful} timed requests not answered with success"),
        { LagP99: > MaxLagMilliseconds } => FormattableString.Invariant($"driver {LagP99:0.0} ms late"),
        _ => null,
    };
}
