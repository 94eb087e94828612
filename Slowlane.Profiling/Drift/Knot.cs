namespace Slowlane.Profiling.Drift;

/// <summary>What is known of a distribution function at one place.</summary>
/// <param name="At">The place.</param>
/// <param name="LeastBelow">At least this share of the values is below it.</param>
/// <param name="MostBelow">At most this share is below it.</param>
/// <param name="LeastUpTo">At least this share is below it or equal.</param>
/// <param name="MostUpTo">At most this share is below it or equal.</param>
internal sealed record Knot(double At, double LeastBelow, double MostBelow, double LeastUpTo, double MostUpTo)
{
    /// <summary>Knots in ascending order, each as narrow as its neighbours allow: a distribution function never falls.</summary>
    public static IReadOnlyList<Knot> Ordered(IEnumerable<Knot> knots)
    {
        var ordered = knots.GroupBy(knot => knot.At).OrderBy(group => group.Key).Select(group => group.Aggregate(Both)).ToArray();
        for (var i = 0; i < ordered.Length; i++)
        {
            var least = i == 0 ? 0 : ordered[i - 1].LeastUpTo;
            var below = Math.Max(ordered[i].LeastBelow, least);
            ordered[i] = ordered[i] with { LeastBelow = below, LeastUpTo = Math.Max(ordered[i].LeastUpTo, below) };
        }

        for (var i = ordered.Length - 1; i >= 0; i--)
        {
            var most = i == ordered.Length - 1 ? 1 : ordered[i + 1].MostBelow;
            var upTo = Math.Min(ordered[i].MostUpTo, most);
            ordered[i] = ordered[i] with { MostUpTo = upTo, MostBelow = Math.Min(ordered[i].MostBelow, upTo) };
        }

        return ordered;
    }

    private static Knot Both(Knot one, Knot other) => new(
        one.At,
        Math.Max(one.LeastBelow, other.LeastBelow),
        Math.Min(one.MostBelow, other.MostBelow),
        Math.Max(one.LeastUpTo, other.LeastUpTo),
        Math.Min(one.MostUpTo, other.MostUpTo));
}
