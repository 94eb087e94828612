namespace Slowlane.Bench.Partitions;

/// <summary>Judges how often a profile was written. Pure.</summary>
internal static class Written
{
    /// <param name="what">Which profile.</param>
    /// <param name="times">How often it was written.</param>
    public static IEnumerable<string> NotOnce(string what, long times)
        => times == 1 ? [] : [FormattableString.Invariant($"{what}: written {times} times instead of once")];
}
