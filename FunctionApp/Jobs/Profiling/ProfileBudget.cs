using System.Numerics;

namespace Slowlane.Jobs.Profiling;

/// <summary>
/// How much a column may keep before a sketch takes over. What all columns keep together stays below some 200 MB, be
/// they one or 1,600, whatever the number of rows.
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

    public static ProfileBudget For(int columns) => new(
        Share(AllHashes, columns),
        Share(AllValues, columns),
        columns <= 256 ? 2048 : 512,
        Math.Clamp(AllFrequent / Math.Max(1, columns), 128, 1024));

    // A power of two, since hash tables grow to one.
    private static int Share(int all, int columns) => Math.Min(Largest, (int)BitOperations.RoundUpToPowerOf2((uint)(all / Math.Max(1, columns)) + 1) / 2);
}
