using System.Buffers.Binary;
using Slowlane.Jobs.Profiling.Sketches;

namespace Slowlane.Jobs.Profiling.Columns;

/// <summary>Dates (days) and times (microseconds) as whole numbers on one axis.</summary>
internal sealed class TimeAccumulator(ProfileBudget budget, ValueLayout layout) : ColumnAccumulator(budget)
{
    private readonly Distribution _distribution = new(budget.Values, budget.SketchSize);
    private readonly double[] _block = new double[64];
    private int _next;
    private long _min = long.MaxValue;
    private long _max = long.MinValue;
    private Interval _shortest;
    private Interval _longest;
    private long _infinity;
    private long _minusInfinity;

    public override void Add(ReadOnlySpan<byte> value)
    {
        Count++;
        var interval = layout == ValueLayout.Interval ? Interval.Read(value) : default;
        var position = layout switch
        {
            ValueLayout.Date => Widen(BinaryPrimitives.ReadInt32BigEndian(value)),
            ValueLayout.Interval => interval.Position,
            _ => BinaryPrimitives.ReadInt64BigEndian(value),
        };
        Distinct.Add(Hash64.Of(position));
        if (position is long.MaxValue or long.MinValue)
        {
            _infinity += position == long.MaxValue ? 1 : 0;
            _minusInfinity += position == long.MinValue ? 1 : 0;
            return;
        }

        Stretch(position, interval);
        _block[_next++] = position;
        if (_next == _block.Length)
        {
            Flush();
        }
    }

    public override void Merge(ColumnAccumulator other)
    {
        var theirs = (TimeAccumulator)other;
        MergeCounts(other);
        Flush();
        theirs.Flush();
        _distribution.Merge(theirs._distribution);
        if (theirs._min <= theirs._max)
        {
            Stretch(theirs._min, theirs._shortest);
            Stretch(theirs._max, theirs._longest);
        }

        _infinity += theirs._infinity;
        _minusInfinity += theirs._minusInfinity;
    }

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input)
    {
        Flush();
        var any = _min <= _max;
        return head with
        {
            Min = !any ? null : layout == ValueLayout.Interval ? _shortest.ToString() : TimeText.Of(layout, _min),
            Max = !any ? null : layout == ValueLayout.Interval ? _longest.ToString() : TimeText.Of(layout, _max),
            Times = new TimeFigures
            {
                Histogram = Histograms.Of(_distribution.Sorted(), _min, _max, input.Bins, bound => TimeText.Of(layout, (long)Math.Round(bound))),
                Infinity = _infinity,
                MinusInfinity = _minusInfinity,
            },
        };
    }

    // PostgreSQL's infinities are the ends of the type, on the wire too.
    private static long Widen(int days) => days switch
    {
        int.MaxValue => long.MaxValue,
        int.MinValue => long.MinValue,
        _ => days,
    };

    private void Stretch(long position, Interval interval)
    {
        if (position < _min)
        {
            (_min, _shortest) = (position, interval);
        }

        if (position > _max)
        {
            (_max, _longest) = (position, interval);
        }
    }

    private void Flush()
    {
        _distribution.Add(_block.AsSpan(0, _next));
        _next = 0;
    }
}
