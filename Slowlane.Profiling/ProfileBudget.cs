using System.Numerics;

namespace Slowlane.Profiling;

/// <summary>
/// How much a column may keep before a sketch takes over. What all columns keep together stays below some 200 MB, be
/// they one or 1,600, whatever the number of rows; the states of all parts that one process merges, below some 300 MB.
/// </summary>
/// <param name="Distinct">Hashes kept to count distinct values; 16 bytes each at most.</param>
/// <param name="Values">Numbers kept for quartiles and histograms; 8 bytes each.</param>
/// <param name="SketchSize">The k of a KLL sketch, which keeps about 3 k numbers.</param>
/// <param name="Frequent">Counters for frequent values; some 300 bytes each.</param>
internal sealed record ProfileBudget(int Distinct, int Values, int SketchSize, int Frequent)
{
    private const int Largest = 1 << 16;
    private const int AllHashes = 1 << 22;
    private const int AllValues = 1 << 22;
    private const int AllFrequent = 1 << 17;
    private const int AllParts = 1 << 24;
    private const int AllFrequentOfParts = 1 << 18;
    private const int MostStates = 1 << 12; // Of a column in a part; some 70 KB each when sketches took over.

    /// <summary>The same for every part and for their merge.</summary>
    public static ProfileBudget For(int columns, int partitions = 1)
    {
        var states = columns * Math.Min(partitions, MostPartitions(columns));
        return new(
            Math.Min(Share(AllHashes, columns), Share(AllParts, states)),
            Math.Min(Share(AllValues, columns), Share(AllParts, states)),
            columns <= 256 ? 2048 : 512,
            Math.Clamp(Math.Min(AllFrequent / Math.Max(1, columns), AllFrequentOfParts / Math.Max(1, states)), 128, 1024));
    }

    /// <summary>Into how many parts a profile of so many columns may be split: 64 up to 64 columns, 2 of 1,600.</summary>
    public static int MostPartitions(int columns) => Math.Max(1, MostStates / Math.Max(1, columns));

    // A power of two, since hash tables grow to one.
    private static int Share(int all, int columns) => Math.Min(Largest, (int)BitOperations.RoundUpToPowerOf2((uint)(all / Math.Max(1, columns)) + 1) / 2);
}
