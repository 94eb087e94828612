using System.Buffers.Binary;
using System.Globalization;
using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

internal sealed class WholeNumberAccumulator : ColumnAccumulator
{
    private readonly NumberSummary _summary;
    private readonly RowOrder _order = new();
    private long _min = long.MaxValue;
    private long _max = long.MinValue;

    public WholeNumberAccumulator(ProfileBudget budget)
        : base(budget, ValueKind.Long)
        => _summary = new NumberSummary(new Distribution(budget.SketchSize, Values, static (hash, _) => Hash64.LongOf(hash), byBytes: false));

    public override void Add(ReadOnlySpan<byte> value)
    {
        var number = value.Length switch
        {
            4 => BinaryPrimitives.ReadInt32BigEndian(value),
            8 => BinaryPrimitives.ReadInt64BigEndian(value),
            _ => BinaryPrimitives.ReadInt16BigEndian(value),
        };
        Count++;
        _min = Math.Min(_min, number);
        _max = Math.Max(_max, number);
        Values.Add(Hash64.Of(number));
        _order.Add(number);
        _summary.Add(number);
    }

    public override SortedValues? Sorted() => _summary.Sorted();

    public override void Merge(ColumnAccumulator other)
    {
        var theirs = (WholeNumberAccumulator)other;
        _summary.Merge(theirs._summary);
        MergeCounts(other);
        _order.Merge(theirs._order);
        _min = Math.Min(_min, theirs._min);
        _max = Math.Max(_max, theirs._max);
    }

    protected override void WriteFigures(BinaryWriter state)
    {
        state.Write(_min);
        state.Write(_max);
        _order.Write(state);
        _summary.Write(state);
    }

    protected override void ReadFigures(BinaryReader state)
    {
        _min = state.ReadInt64();
        _max = state.ReadInt64();
        _order.Read(state);
        _summary.Read(state);
    }

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input) => head with
    {
        Min = Count == 0 ? null : _min.ToString(CultureInfo.InvariantCulture),
        Max = Count == 0 ? null : _max.ToString(CultureInfo.InvariantCulture),
        Order = _order.Name,
        Numbers = _summary.Describe(_min, _max, input.Bins),
    };

    protected override (string Text, bool Shortened) Show(FrequentValue value) => (Hash64.LongOf(value.Hash).ToString(CultureInfo.InvariantCulture), false);
}
