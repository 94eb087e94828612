using System.Buffers.Binary;
using System.Globalization;
using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

internal sealed class FloatAccumulator : ColumnAccumulator
{
    private readonly NumberSummary _summary;
    private readonly RowOrder _order = new();
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private bool _single;
    private long _nan;
    private long _infinity;
    private long _minusInfinity;

    public FloatAccumulator(ProfileBudget budget)
        : base(budget, ValueKind.Double)
        => _summary = new NumberSummary(new Distribution(budget.SketchSize, Values, static (hash, _) => Hash64.DoubleOf(hash) is var number && double.IsFinite(number) ? number : double.NaN, byBytes: false));

    public override void Add(ReadOnlySpan<byte> value)
    {
        _single = value.Length == 4;
        var number = _single ? BinaryPrimitives.ReadSingleBigEndian(value) : BinaryPrimitives.ReadDoubleBigEndian(value);
        Count++;
        Values.Add(Hash64.Of(number));
        _order.Add(RowOrder.PlaceOf(number));
        if (double.IsFinite(number))
        {
            _min = number < _min ? number : _min;
            _max = number > _max ? number : _max;
            _summary.Add(number);
        }
        else
        {
            AddOther(number);
        }
    }

    public override SortedValues? Sorted()
        => _summary.Sorted() is var sorted && _single ? sorted with { Values = [.. sorted.Values.Select(Printed)] } : sorted;

    public override void Merge(ColumnAccumulator other)
    {
        var theirs = (FloatAccumulator)other;
        _summary.Merge(theirs._summary);
        MergeCounts(other);
        _order.Merge(theirs._order);
        _min = Math.Min(_min, theirs._min);
        _max = Math.Max(_max, theirs._max);
        _single |= theirs._single;
        _nan += theirs._nan;
        _infinity += theirs._infinity;
        _minusInfinity += theirs._minusInfinity;
    }

    protected override void WriteFigures(BinaryWriter state)
    {
        state.Write(_min);
        state.Write(_max);
        state.Write(_single);
        state.Write7BitEncodedInt64(_nan);
        state.Write7BitEncodedInt64(_infinity);
        state.Write7BitEncodedInt64(_minusInfinity);
        _order.Write(state);
        _summary.Write(state);
    }

    protected override void ReadFigures(BinaryReader state)
    {
        _min = state.ReadDouble();
        _max = state.ReadDouble();
        _single = state.ReadBoolean();
        _nan = state.ReadCount();
        _infinity = state.ReadCount();
        _minusInfinity = state.ReadCount();
        _order.Read(state);
        _summary.Read(state);
    }

    // Adding zero turns -0 into 0, because which of the two arrives first depends on chance.
    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input) => head with
    {
        Min = Text(_min + 0.0),
        Max = Text(_max + 0.0),
        Order = _order.Name,
        Numbers = _summary.Describe(Printed(_min), Printed(_max), input.Bins, _single ? Printed : null) with
        {
            NaN = _nan,
            Infinity = _infinity,
            MinusInfinity = _minusInfinity,
        },
    };

    protected override (string Text, bool Shortened) Show(FrequentValue value) => (FloatText.Of(Hash64.DoubleOf(value.Hash), _single), false);

    // The double that the text of a real parses to, not the real's own: 2.3 instead of 2.29999995.
    private double Printed(double value) => Text(value + 0.0) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : value;

    private void AddOther(double number)
    {
        _nan += double.IsNaN(number) ? 1 : 0;
        _infinity += double.IsPositiveInfinity(number) ? 1 : 0;
        _minusInfinity += double.IsNegativeInfinity(number) ? 1 : 0;
    }

    private string? Text(double value) => double.IsFinite(value) ? FloatText.Of(value, _single) : null;
}
