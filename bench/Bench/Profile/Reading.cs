namespace Slowlane.Bench.Profile;

/// <summary>One run of one of the peers.</summary>
/// <param name="Rows">The table's size.</param>
/// <param name="Peer">Who.</param>
/// <param name="Seconds">Wall time from the question to the answer; for computing alone the thread's processor time.</param>
internal sealed record Reading(int Rows, string Peer, double Seconds)
{
    public const string Slowlane = "Slowlane";
    public const string Compute = "computing alone";
    public const string Postgres = "PostgreSQL";
    public const string Pandas = "pandas";

    /// <summary>How many values a second.</summary>
    public required double CellsPerSecond { get; init; }

    /// <summary>The most memory the process had resident.</summary>
    public double? PeakMiB { get; init; }

    /// <summary>Processor time of the process, where it is known.</summary>
    public double? Processor { get; init; }

    /// <summary>What the time is made of.</summary>
    public string? Note { get; init; }
}
