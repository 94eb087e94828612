using System.Globalization;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Parts;

/// <summary>Blocks of a table, from one up to another; the table's last range is open, whatever was appended meanwhile.</summary>
/// <param name="From">The first block.</param>
/// <param name="To">The block after the last.</param>
/// <param name="All">How many blocks the table had when it was split.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockRange(uint From, uint To, uint All)
{
    /// <summary>Fewer blocks (128 KiB) aren't worth a worker's connection.</summary>
    private const long Least = 16;

    /// <summary>What share of the table it is.</summary>
    public double Share => (double)(To - From) / All;

    /// <summary>What selects its rows by their place: PostgreSQL 14 and later read no other blocks (a TID range scan).</summary>
    public string Condition => string.Create(
        CultureInfo.InvariantCulture, $"where ctid >= '({From},0)'::pg_catalog.tid{(To == All ? "" : string.Create(CultureInfo.InvariantCulture, $" and ctid < '({To},0)'::pg_catalog.tid"))}");

    /// <summary>Even ranges that cover everything; a small table has fewer, an empty one none.</summary>
    public static IReadOnlyList<BlockRange> Split(long blocks, int partitions)
    {
        var ranges = blocks == 0 ? 0 : Math.Clamp(blocks / Least, 1, partitions);
        return [.. Enumerable.Range(0, (int)ranges).Select(i => new BlockRange((uint)(blocks * i / ranges), (uint)(blocks * (i + 1) / ranges), (uint)blocks))];
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static BlockRange Parse(string text)
        => text.Split('-', '/') is [var from, var to, var all] && TryNumber(from, out var first) && TryNumber(to, out var end) && TryNumber(all, out var blocks)
            ? new(first, end, blocks) : throw new FormatException($"'{text}' is no range of blocks.");

    /// <summary>As in 0-500/2000.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From}-{To}/{All}");

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
