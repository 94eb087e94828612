using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

internal sealed class BooleanAccumulator(ProfileBudget budget) : ColumnAccumulator(budget, ValueKind.Long)
{
    private long _true;

    public override void Add(ReadOnlySpan<byte> value)
    {
        Count++;
        _true += value[0];
        Values.Add(Hash64.Of((long)value[0]));
    }

    public override void Merge(ColumnAccumulator other)
    {
        MergeCounts(other);
        _true += ((BooleanAccumulator)other)._true;
    }

    protected override void WriteFigures(BinaryWriter state) => state.Write7BitEncodedInt64(_true);

    protected override void ReadFigures(BinaryReader state) => _true = state.ReadCount();

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input)
        => head with { Booleans = new BooleanFigures(_true, Count - _true) };

    protected override (string Text, bool Shortened) Show(FrequentValue value) => (Hash64.LongOf(value.Hash) == 0 ? "false" : "true", false);
}
