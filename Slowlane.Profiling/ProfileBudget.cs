using System.Numerics;

namespace Slowlane.Profiling;

/// <summary>
/// The amount that a column may keep before a sketch takes over. All columns together keep less than about 200 MB, for one column as for 1,600,
/// whatever the number of rows. The states of all partitions that one process merges together take less than about 300 MB.
/// </summary>
/// <param name="Distinct">The number of hashes kept to count distinct values, at most 16 bytes each.</param>
/// <param name="Values">The number of values kept for quartiles and histograms, 8 bytes each.</param>
/// <param name="SketchSize">The k of a KLL sketch, which keeps about 3 k numbers.</param>
/// <param name="Frequent">The number of counters for frequent values, about 300 bytes each.</param>
internal sealed record ProfileBudget(int Distinct, int Values, int SketchSize, int Frequent)
{
    private const int Largest = 1 << 16;
    private const int AllHashes = 1 << 22;
    private const int AllValues = 1 << 22;
    private const int AllFrequent = 1 << 17;
    private const int AllParts = 1 << 24;
    private const int AllFrequentOfPartitions = 1 << 18;
    private const int MaxStates = 1 << 12; // States of a column in a partition. Each takes about 70 KB once sketches have taken over.

    /// <summary>The budget, which is the same for every partition and for their merge.</summary>
    public static ProfileBudget For(int columns, int partitions = 1)
    {
        var states = columns * Math.Min(partitions, MostPartitions(columns));
        return new(
            Math.Min(Share(AllHashes, columns), Share(AllParts, states)),
            Math.Min(Share(AllValues, columns), Share(AllParts, states)),
            columns <= 256 ? 2048 : 512,
            Math.Clamp(Math.Min(AllFrequent / Math.Max(1, columns), AllFrequentOfPartitions / Math.Max(1, states)), 128, 1024));
    }

    /// <summary>The maximum number of partitions for a number of columns: 64 for up to 64 columns, 2 for 1,600.</summary>
    public static int MostPartitions(int columns) => Math.Max(1, MaxStates / Math.Max(1, columns));

    // Rounds to a power of two, because hash tables grow to one.
    private static int Share(int all, int columns) => Math.Min(Largest, (int)BitOperations.RoundUpToPowerOf2((uint)(all / Math.Max(1, columns)) + 1) / 2);
}
