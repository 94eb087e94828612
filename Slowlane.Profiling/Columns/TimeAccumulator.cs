using System.Buffers.Binary;
using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Accumulates dates (days) and times (microseconds) as whole numbers on one axis.</summary>
internal sealed class TimeAccumulator : ColumnAccumulator
{
    private readonly ValueLayout _layout;
    private readonly Distribution _distribution;
    private readonly RowOrder _order = new();
    private readonly double[] _block = new double[64];
    private int _next;
    private long _min = long.MaxValue;
    private long _max = long.MinValue;
    private Interval _shortest;
    private Interval _longest;
    private Int128 _sum;
    private long _infinity;
    private long _minusInfinity;

    public TimeAccumulator(ProfileBudget budget, ValueLayout layout)
        : base(budget, layout == ValueLayout.Interval ? Interval.Kind : ValueKind.Long)
    {
        _layout = layout;
        _distribution = new Distribution(budget.SketchSize, Values, static (hash, _) => Number(Hash64.LongOf(hash)), byBytes: false);
        Values.Mixed = layout == ValueLayout.Interval;
    }

    public override void Add(ReadOnlySpan<byte> value)
    {
        if (_layout == ValueLayout.Interval)
        {
            var interval = Interval.Read(value);
            Values.Add(Hash64.Of(interval.Position), value);
            Add(interval.Position, interval);
        }
        else
        {
            var position = _layout == ValueLayout.Date ? Widen(BinaryPrimitives.ReadInt32BigEndian(value)) : BinaryPrimitives.ReadInt64BigEndian(value);
            Values.Add(Hash64.Of(position));
            Add(position, default);
        }
    }

    public override SortedValues? Sorted()
    {
        Flush();
        return _distribution.Sorted();
    }

    public override void Merge(ColumnAccumulator other)
    {
        var theirs = (TimeAccumulator)other;
        Flush();
        theirs.Flush();
        _distribution.Merge(theirs._distribution);
        MergeCounts(other);
        _order.Merge(theirs._order);
        if (theirs._min <= theirs._max)
        {
            Stretch(theirs._min, theirs._shortest);
            Stretch(theirs._max, theirs._longest);
        }

        _sum += theirs._sum;
        _infinity += theirs._infinity;
        _minusInfinity += theirs._minusInfinity;
    }

    protected override void WriteFigures(BinaryWriter state)
    {
        Flush();
        _distribution.Write(state);
        _order.Write(state);
        state.Write(_min);
        state.Write(_max);
        _shortest.Write(state);
        _longest.Write(state);
        state.Write((long)(_sum >> 64));
        state.Write((ulong)_sum);
        state.Write7BitEncodedInt64(_infinity);
        state.Write7BitEncodedInt64(_minusInfinity);
    }

    protected override void ReadFigures(BinaryReader state)
    {
        _distribution.Read(state);
        _order.Read(state);
        (_min, _max) = (state.ReadInt64(), state.ReadInt64());
        (_shortest, _longest) = (Interval.Read(state), Interval.Read(state));
        _sum = new Int128((ulong)state.ReadInt64(), state.ReadUInt64());
        _infinity = state.ReadCount();
        _minusInfinity = state.ReadCount();
    }

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input)
    {
        Flush();
        var any = _min <= _max;
        var sorted = _distribution.Sorted();
        return head with
        {
            Distinct = IsClamped ? head.Distinct with { Exact = false } : head.Distinct,
            Min = any ? End(_min, _shortest) : null,
            Max = any ? End(_max, _longest) : null,
            Order = IsClamped ? null : _order.Name,
            Times = new TimeFigures
            {
                Mean = any ? Text(Mean()) : null,
                Quantiles = Histograms.Quantiles(sorted, Text),
                Histogram = Histograms.Of(sorted, TimeEdges.Of(_layout, _min, _max, input.Bins), Text),
                Infinity = _infinity,
                MinusInfinity = _minusInfinity,
            },
        };
    }

    protected override ColumnProfile DescribeAt(ColumnProfile profile, DateTimeOffset startedAt)
        => _layout is ValueLayout.Date or ValueLayout.Timestamp or ValueLayout.TimestampTz && _min <= _max
            ? profile with { Times = profile.Times! with { Future = Future(TimeText.PositionOf(_layout, startedAt)) } }
            : profile;

    private void Add(long position, in Interval interval)
    {
        Count++;
        _order.Add(position);
        if (position is long.MaxValue or long.MinValue)
        {
            _infinity += position == long.MaxValue ? 1 : 0;
            _minusInfinity += position == long.MinValue ? 1 : 0;
            return;
        }

        _sum += position;
        if (position <= _min || position >= _max)
        {
            Stretch(position, interval);
        }

        _block[_next++] = TimeEdges.Coarse(position);
        if (_next == _block.Length)
        {
            Flush();
        }
    }

    protected override (string Text, bool Shortened) Show(FrequentValue value)
    {
        var position = Hash64.LongOf(value.Hash);
        return (position switch
        {
            long.MaxValue => "infinity",
            long.MinValue => "-infinity",
            _ => value.Value.Length > 0 ? Interval.Read(value.Value).ToString() : TimeText.Of(_layout, position),
        }, false);
    }

    // Intervals beyond the axis have one position.
    private bool IsClamped => _layout == ValueLayout.Interval && (_min == long.MinValue + 1 || _max == long.MaxValue - 1);

    // The ends keep their original spelling: 1 mon, not 30 days.
    private string End(long position, in Interval interval) => _layout == ValueLayout.Interval ? interval.ToString() : Text(position);

    private string Text(long position)
    {
        if (_layout != ValueLayout.Interval)
        {
            return TimeText.Of(_layout, position);
        }

        return position == _min ? _shortest.ToString() : position == _max ? _longest.ToString() : TimeText.Of(_layout, position);
    }

    // The maximum is exact, so that there is no doubt whether there are any.
    private FutureFigure Future(long now)
    {
        if (_max <= now)
        {
            return new FutureFigure(0, true, 0);
        }

        var sorted = _distribution.Sorted();
        return new FutureFigure(Math.Max(1, sorted.CountOutside(double.NegativeInfinity, now)), sorted.Exact, sorted.BinError);
    }

    // The nearest position, the later one of two.
    private long Mean()
    {
        var twice = 2 * (Int128)(Count - _infinity - _minusInfinity);
        var sum = (2 * _sum) + (twice / 2);
        return (long)((sum / twice) - (sum < 0 && sum % twice != 0 ? 1 : 0));
    }

    private static double Number(long position) => position is long.MaxValue or long.MinValue ? double.NaN : TimeEdges.Coarse(position);

    // PostgreSQL's infinities are the minimum and maximum of the type, on the wire too.
    private static long Widen(int days) => days switch
    {
        int.MaxValue => long.MaxValue,
        int.MinValue => long.MinValue,
        _ => days,
    };

    private void Stretch(long position, Interval interval)
    {
        if (position <= _min && (position < _min || interval.CompareSpelling(_shortest) < 0))
        {
            (_min, _shortest) = (position, interval);
        }

        if (position >= _max && (position > _max || interval.CompareSpelling(_longest) > 0))
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
