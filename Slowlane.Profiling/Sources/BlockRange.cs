using System.Globalization;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Sources;

/// <summary>
/// A range of a table's blocks. The last range of a table is open, so that it covers blocks that are appended after the split.
/// </summary>
/// <param name="From">The first block.</param>
/// <param name="To">The block after the last one.</param>
/// <param name="All">The number of blocks of the table when it was split.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockRange(uint From, uint To, uint All)
{
    /// <summary>The minimum size of a range. Fewer blocks (128 KiB) are not worth the connection of another worker.</summary>
    private const long MinBlocks = 16;

    /// <summary>The range's fraction of the table.</summary>
    public double Share => (double)(To - From) / All;

    /// <summary>The condition that selects the rows of the range. PostgreSQL 14 and later read no other blocks (a TID range scan).</summary>
    public string Condition => string.Create(
        CultureInfo.InvariantCulture, $"ctid >= '({From},0)'::pg_catalog.tid{(To == All ? "" : string.Create(CultureInfo.InvariantCulture, $" and ctid < '({To},0)'::pg_catalog.tid"))}");

    /// <summary>Equal ranges that cover the table. A small table has fewer ranges, and an empty table has none.</summary>
    public static IReadOnlyList<BlockRange> Split(long blocks, int partitions)
    {
        var ranges = blocks == 0 ? 0 : Math.Clamp(blocks / MinBlocks, 1, partitions);
        return [.. Enumerable.Range(0, (int)ranges).Select(i => new BlockRange((uint)(blocks * i / ranges), (uint)(blocks * (i + 1) / ranges), (uint)blocks))];
    }

    /// <summary>Parses the text of <see cref="ToString"/>.</summary>
    public static BlockRange Parse(string text)
        => text.Split('-', '/') is [var from, var to, var all] && TryNumber(from, out var first) && TryNumber(to, out var end) && TryNumber(all, out var blocks)
            ? new(first, end, blocks) : throw new FormatException($"'{text}' is no range of blocks.");

    /// <summary>The text of the range, such as 0-500/2000.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From}-{To}/{All}");

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
