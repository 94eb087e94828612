using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Counts;

/// <summary>Compares two values of a column, each by its hash and by its kept bytes, which are empty if the hash alone determines the value.</summary>
internal delegate int ValueOrder(ulong hash, ReadOnlySpan<byte> value, ulong otherHash, ReadOnlySpan<byte> other);

/// <summary>Takes the kept bytes of a value and the number of its occurrences.</summary>
internal delegate void ValueVisitor(ReadOnlySpan<byte> value, long count);

/// <summary>The kind of a column's values, as far as counting them depends on it.</summary>
/// <param name="Order">The order of values that occur equally often.</param>
/// <param name="Kept">Whether the bytes of values are kept. If not, the hash determines the value, or values are not shown.</param>
/// <param name="Spelling">Orders equal values that are written differently. The first is shown. Null if equal values are equal bytes.</param>
/// <param name="Sampled">Whether a sample of the values takes over when not all of them are kept.</param>
internal sealed record ValueKind(ValueOrder Order, bool Kept, ValueOrder? Spelling = null, bool Sampled = false)
{
    /// <summary>Whole numbers, and times as whole numbers.</summary>
    public static ValueKind Long { get; } = new(static (a, _, b, _) => Hash64.LongOf(a).CompareTo(Hash64.LongOf(b)), Kept: false);

    /// <summary>Floating-point numbers. NaN is the greatest, as in PostgreSQL.</summary>
    public static ValueKind Double { get; } = new(static (a, _, b, _) => Compare(Hash64.DoubleOf(a), Hash64.DoubleOf(b)), Kept: false);

    /// <summary>Texts and bytes, in the order of their bytes.</summary>
    public static ValueKind Bytes { get; } = new(static (_, a, _, b) => a.SequenceCompareTo(b), Kept: true);

    /// <summary>Texts of which the content is described.</summary>
    public static ValueKind Texts { get; } = Bytes with { Sampled = true };

    /// <summary>Values that are only counted.</summary>
    public static ValueKind Hidden { get; } = new(static (a, _, b, _) => a.CompareTo(b), Kept: false);

    private static int Compare(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a.CompareTo(b);
}
