namespace Slowlane.Bench.Growth.Plans;

/// <summary>What is wrong with the plans of a call. Pure.</summary>
internal static class Judgement
{
    /// <summary>A table so small is best read whole.</summary>
    private const int FewRows = 5_000;

    /// <param name="plans">All that the call ran.</param>
    /// <param name="most">So many pages may the call touch, however much there is.</param>
    public static IEnumerable<string> Of(IReadOnlyCollection<Plan> plans, long most)
    {
        foreach (var scan in plans.SelectMany(plan => plan.Scans).Where(scan => scan.Rows > FewRows).DistinctBy(scan => scan.Table, StringComparer.Ordinal))
        {
            yield return FormattableString.Invariant($"reads {scan.Table} from end to end, {scan.Rows:N0} rows");
        }

        var buffers = plans.Sum(plan => plan.Buffers);
        if (buffers > most)
        {
            yield return FormattableString.Invariant($"touches {buffers:N0} pages; at most {most:N0} are allowed");
        }
    }
}
