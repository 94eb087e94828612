namespace Slowlane.Bench.Compare.Plan;

/// <summary>The order of runs.</summary>
internal static class Rounds
{
    /// <summary>Every variant once a round, each round beginning with the next one, so that none has always the first or the last turn.</summary>
    public static IEnumerable<(int Round, T Variant)> Of<T>(IReadOnlyList<T> variants, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < variants.Count; turn++)
            {
                yield return (round, variants[(round + turn) % variants.Count]);
            }
        }
    }
}
