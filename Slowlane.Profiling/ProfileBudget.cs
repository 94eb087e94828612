using System.Numerics;

namespace Slowlane.Profiling;

/// <summary>
/// The amount that a column may keep before a sketch takes over. All columns together keep less than about 250 MB, for one column as for 1,600,
/// whatever the number of rows. The states of all partitions that one process merges together take less than about 300 MB.
/// </summary>
/// <param name="Distinct">The number of distinct values that are counted exactly, at most 32 bytes each, and 4 more if their bytes are kept.</param>
/// <param name="Bytes">The number of bytes that the kept values of a column take.</param>
/// <param name="Sampled">The number of texts of a column that a sample has, each of at most 257 bytes.</param>
/// <param name="SketchSize">The k of a KLL sketch, which keeps about 3 k numbers.</param>
internal sealed record ProfileBudget(int Distinct, int Bytes, int Sampled, int SketchSize)
{
    private const int Largest = 1 << 16;
    private const int AllDistinct = 1 << 22;
    private const int AllDistinctOfPartitions = 1 << 24;
    private const int MostBytes = 1 << 22;
    private const int LeastBytes = 1 << 15; // So many of the longest values fit as can be asked for.
    private const int AllBytes = 1 << 26;
    private const int AllBytesOfPartitions = 1 << 27;
    private const int SampledPart = 64; // 1,024 texts of the largest bound: shares are right to 1.6 %.
    private const int LeastSampled = 64;
    private const int MaxStates = 1 << 12; // States of a column in a partition. Each takes about 70 KB once sketches have taken over.

    /// <summary>The budget, which is the same for every partition and for their merge.</summary>
    public static ProfileBudget For(int columns, int partitions = 1)
    {
        var states = Math.Max(1, columns * Math.Min(partitions, MostPartitions(columns)));
        var distinct = Math.Min(Share(AllDistinct, columns), Share(AllDistinctOfPartitions, states));
        return new(
            distinct,
            Math.Clamp(Math.Min(AllBytes / Math.Max(1, columns), AllBytesOfPartitions / states), LeastBytes, MostBytes),
            Math.Max(LeastSampled, distinct / SampledPart),
            columns <= 256 ? 2048 : 512);
    }

    /// <summary>The maximum number of partitions for a number of columns: 64 for up to 64 columns, 2 for 1,600.</summary>
    public static int MostPartitions(int columns) => Math.Max(1, MaxStates / Math.Max(1, columns));

    // Rounds to a power of two, because hash tables grow to one.
    private static int Share(int all, int columns) => Math.Min(Largest, (int)BitOperations.RoundUpToPowerOf2((uint)(all / Math.Max(1, columns)) + 1) / 2);
}
