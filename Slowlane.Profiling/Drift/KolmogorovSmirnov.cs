namespace Slowlane.Profiling.Drift;

/// <summary>
/// The distance of two distribution functions, the greatest difference of their values, where one of them is known at some places only. Pure.
/// </summary>
internal static class KolmogorovSmirnov
{
    /// <summary>The distance. Null if one of the two has no values.</summary>
    /// <param name="before">The knots of the one, in order.</param>
    /// <param name="after">The other.</param>
    /// <param name="rankError">The error of a rank of the one and of the other, added up.</param>
    /// <param name="discrete">Whether the values between two knots are all equal to the first of them.</param>
    public static DistanceFigure? Of(IReadOnlyList<Knot> before, Ranks after, double rankError, bool discrete)
    {
        if (before.Count == 0 || after.All == 0)
        {
            return null;
        }

        double[] below = [.. before.Select(knot => (double)after.Below(knot.At) / after.All)];
        double[] upTo = [.. before.Select(knot => (double)after.UpTo(knot.At) / after.All)];
        var (value, most) = (0.0, 0.0);
        for (var i = 0; i < before.Count; i++)
        {
            var knot = before[i];
            value = Math.Max(value, Gap(below[i], knot.LeastBelow, knot.MostBelow));
            value = discrete ? value : Math.Max(value, Gap(upTo[i], knot.LeastUpTo, knot.MostUpTo));
            most = Math.Max(most, discrete ? Reach(below[i], knot.LeastBelow, knot.MostBelow) : Inside(i));
        }

        most = Math.Max(most, Math.Max(below[0], 1 - (discrete ? below[^1] : upTo[^1])));
        return new(value, Math.Max(0, most - value) + rankError, rankError);

        // Between this knot and the next one, each function lies between its values there.
        double Inside(int i) => i == before.Count - 1 ? 0 : Math.Max(before[i + 1].MostBelow - upTo[i], below[i + 1] - before[i].LeastUpTo);
    }

    // The least difference to a value that is known by its bounds.
    private static double Gap(double value, double least, double most) => Math.Max(0, Math.Max(least - value, value - most));

    // The greatest one.
    private static double Reach(double value, double least, double most) => Math.Max(Math.Abs(value - least), Math.Abs(value - most));
}
