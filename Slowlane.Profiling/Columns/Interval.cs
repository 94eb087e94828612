using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>The wire format of interval: microseconds, days, months.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Interval(long Microseconds, int Days, int Months)
{
    private const long Day = 86_400_000_000;

    /// <summary>The kind of counted intervals. Their bytes are the wire format.</summary>
    public static ValueKind Kind { get; } = new(
        static (a, _, b, _) => Hash64.LongOf(a).CompareTo(Hash64.LongOf(b)), Kept: true, static (_, a, _, b) => Read(a).CompareSpelling(Read(b)));

    /// <summary>
    /// The position in PostgreSQL's order (interval_cmp_value in timestamp.c): a month has 30 days and a day 24 hours. Beyond ±292,000 years it is
    /// the nearest position short of infinity that 64 bits can hold.
    /// </summary>
    public long Position
    {
        get
        {
            if (this == new Interval(long.MaxValue, int.MaxValue, int.MaxValue) || this == new Interval(long.MinValue, int.MinValue, int.MinValue))
            {
                return Microseconds; // infinity, -infinity (PostgreSQL 17 and later)
            }

            var exact = ((((Int128)Months * 30) + Days) * Day) + Microseconds;
            return (long)Int128.Clamp(exact, long.MinValue + 1, long.MaxValue - 1);
        }
    }

    public static Interval Read(ReadOnlySpan<byte> value) => new(
        BinaryPrimitives.ReadInt64BigEndian(value), BinaryPrimitives.ReadInt32BigEndian(value[8..]), BinaryPrimitives.ReadInt32BigEndian(value[12..]));

    /// <summary>Orders intervals of equal position, 30 days before 1 mon, so that the reported interval does not depend on chance.</summary>
    public int CompareSpelling(Interval other) => (Months, Days, Microseconds).CompareTo((other.Months, other.Days, other.Microseconds));

    public static Interval Read(BinaryReader state) => new(state.ReadInt64(), state.ReadInt32(), state.ReadInt32());

    public void Write(BinaryWriter state)
    {
        state.Write(Microseconds);
        state.Write(Days);
        state.Write(Months);
    }

    /// <summary>The text as PostgreSQL prints it with <c>IntervalStyle = postgres</c>. A field behind a negative one has a sign.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        var negative = false;
        Add(Months / 12, "year");
        Add(Months % 12, "mon");
        Add(Days, "day");
        if (Microseconds != 0 || parts.Count == 0)
        {
            parts.Add((Microseconds < 0 ? "-" : negative ? "+" : "") + TimeText.Clock(Int128.Abs(Microseconds)));
        }

        return string.Join(' ', parts);

        void Add(int value, string unit)
        {
            if (value != 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{(negative && value > 0 ? "+" : "")}{value} {unit}{(value is 1 ? "" : "s")}"));
                negative = value < 0;
            }
        }
    }
}
