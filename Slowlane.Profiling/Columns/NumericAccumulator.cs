using System.Text;
using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Accumulates numeric values. Count, distinct, min and max are exact. The other statistics use double precision.</summary>
internal sealed class NumericAccumulator : ColumnAccumulator
{
    private readonly NumberSummary _summary;
    private readonly NumericOrder _order = new();
    private int _scale = -1;
    private (byte[] Value, double Near)? _min;
    private (byte[] Value, double Near)? _max;
    private double _least = double.PositiveInfinity;
    private double _greatest = double.NegativeInfinity;
    private long _nan;
    private long _infinity;
    private long _minusInfinity;
    private long _beyond;

    public NumericAccumulator(ProfileBudget budget)
        : base(budget, NumericValue.Kind)
        => _summary = new NumberSummary(new Distribution(budget.SketchSize, Values, static (_, value) => NumericValue.Number(value), byBytes: true));

    public override void Add(ReadOnlySpan<byte> value)
    {
        Count++;
        if (PgNumeric.Scale(value) is var scale && scale != _scale)
        {
            Values.Mixed |= _scale >= 0;
            _scale = scale;
        }

        Values.Add(PgNumeric.Hash(value), value);
        _order.Add(value);
        switch (PgNumeric.SignOf(value))
        {
            case PgNumeric.NaN: _nan++; break;
            case PgNumeric.Infinity: _infinity++; break;
            case PgNumeric.MinusInfinity: _minusInfinity++; break;
            default: AddFinite(value); break;
        }
    }

    /// <summary>Adds a number beyond the range of numeric. It is counted, and distinguished by its spelling.</summary>
    public void AddBeyond(string spelling)
    {
        Count++;
        _beyond++;
        _order.AddUnknown();
        Values.Add(Hash64.Of(Encoding.UTF8.GetBytes(spelling)), NumericValue.Beyond(spelling));
    }

    public override SortedValues? Sorted() => _summary.Sorted();

    public override void Merge(ColumnAccumulator other)
    {
        var theirs = (NumericAccumulator)other;
        _summary.Merge(theirs._summary);
        MergeCounts(other);
        _order.Merge(theirs._order);
        if (theirs._min is { } min && theirs._max is { } max)
        {
            Widen(min.Value, min.Near);
            Widen(max.Value, max.Near);
        }

        _least = Math.Min(_least, theirs._least);
        _greatest = Math.Max(_greatest, theirs._greatest);
        _nan += theirs._nan;
        _infinity += theirs._infinity;
        _minusInfinity += theirs._minusInfinity;
        _beyond += theirs._beyond;
    }

    protected override void WriteFigures(BinaryWriter state)
    {
        WriteEnd(state, _min);
        WriteEnd(state, _max);
        state.Write(_least);
        state.Write(_greatest);
        state.Write7BitEncodedInt64(_nan);
        state.Write7BitEncodedInt64(_infinity);
        state.Write7BitEncodedInt64(_minusInfinity);
        state.Write7BitEncodedInt64(_beyond);
        _order.Write(state);
        _summary.Write(state);
    }

    protected override void ReadFigures(BinaryReader state)
    {
        _min = ReadEnd(state);
        _max = ReadEnd(state);
        _least = state.ReadDouble();
        _greatest = state.ReadDouble();
        _nan = state.ReadCount();
        _infinity = state.ReadCount();
        _minusInfinity = state.ReadCount();
        _beyond = state.ReadCount();
        _order.Read(state);
        _summary.Read(state);
    }

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input) => head with
    {
        Min = _min is { } min ? PgNumeric.ToText(min.Value) : null,
        Max = _max is { } max ? PgNumeric.ToText(max.Value) : null,
        Order = _order.Name,
        Numbers = _summary.Describe(_least, _greatest, input.Bins) with { NaN = _nan, Infinity = _infinity, MinusInfinity = _minusInfinity, BeyondDouble = _beyond },
    };

    protected override (string Text, bool Shortened) Show(FrequentValue value) => NumericValue.Show(value.Value);

    private void AddFinite(ReadOnlySpan<byte> value)
    {
        var near = PgNumeric.ToDouble(value);
        Widen(value, near);
        if (double.IsFinite(near))
        {
            _least = Math.Min(_least, near);
            _greatest = Math.Max(_greatest, near);
            _summary.Add(near);
        }
        else
        {
            _beyond++;
        }
    }

    private static void WriteEnd(BinaryWriter state, (byte[] Value, double Near)? end) => state.WriteBytes(end?.Value);

    private static (byte[] Value, double Near)? ReadEnd(BinaryReader state)
        => state.ReadBytesOrNull(LongValue.Threshold) is { } value ? (value, PgNumeric.ToDouble(value)) : null;

    // Rounding to double keeps the order, so digits are compared only if the doubles are equal.
    private void Widen(ReadOnlySpan<byte> value, double near)
    {
        if (_min is not { } min || near < min.Near || (near == min.Near && PgNumeric.CompareSpelling(value, min.Value) < 0))
        {
            _min = (value.ToArray(), near);
        }

        if (_max is not { } max || near > max.Near || (near == max.Near && PgNumeric.CompareSpelling(value, max.Value) > 0))
        {
            _max = (value.ToArray(), near);
        }
    }
}
