namespace Slowlane.Profiling.Drift;

/// <summary>The population stability index: the sum of (a − b) · ln (a / b) over all bins, of the shares b before and a after. Pure.</summary>
/// <remarks>
/// Siddiqi, <i>Credit risk scorecards</i> (2006); Yurdakul, <i>Statistical properties of population stability index</i> (2018). A share below
/// <see cref="LeastShare"/> counts as that, so that an empty bin has a logarithm.
/// </remarks>
internal static class StabilityIndex
{
    /// <summary>The share that an empty bin counts as.</summary>
    public const double LeastShare = 0.0001;

    /// <summary>The index, and how far it may be off. Null if one of the two has no values.</summary>
    /// <param name="before">The counts of the bins before.</param>
    /// <param name="after">The counts of the same bins after.</param>
    /// <param name="errors">How far the share of each bin may be off, before and after.</param>
    public static (double Value, double Error)? Of(IReadOnlyList<long> before, IReadOnlyList<long> after, IReadOnlyList<(double Before, double After)> errors)
    {
        var (all, now) = ((double)before.Sum(), (double)after.Sum());
        if (all == 0 || now == 0)
        {
            return null;
        }

        var (value, least, most) = (0.0, 0.0, 0.0);
        for (var i = 0; i < before.Count; i++)
        {
            var (b, a) = (before[i] / all, after[i] / now);
            value += Term(b, a);
            least += Least(b, a, errors[i]);
            most += Most(b, a, errors[i]);
        }

        return (value, Math.Max(most - value, value - least));
    }

    private static double Term(double before, double after)
    {
        var (b, a) = (Math.Max(before, LeastShare), Math.Max(after, LeastShare));
        return (a - b) * Math.Log(a / b);
    }

    // The term grows with the distance of the shares: the nearest ones give the least of it.
    private static double Least(double before, double after, (double Before, double After) error)
    {
        var distance = Math.Abs(after - before);
        if (distance <= error.Before + error.After)
        {
            return 0;
        }

        return after > before ? Term(before + error.Before, after - error.After) : Term(before - error.Before, after + error.After);
    }

    // It is convex, so one of the corners gives the most.
    private static double Most(double before, double after, (double Before, double After) error) => Math.Max(
        Math.Max(Term(before - error.Before, after + error.After), Term(before + error.Before, after - error.After)),
        Math.Max(Term(before - error.Before, after - error.After), Term(before + error.Before, after + error.After)));
}
