using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

internal sealed class UuidAccumulator(ProfileBudget budget) : ColumnAccumulator(budget, ValueKind.Bytes)
{
    public override void Add(ReadOnlySpan<byte> value)
    {
        Count++;
        Values.Add(Hash64.Of(value), value);
    }

    public override void Merge(ColumnAccumulator other) => MergeCounts(other);

    protected override void WriteFigures(BinaryWriter state)
    {
    }

    protected override void ReadFigures(BinaryReader state)
    {
    }

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input) => head;

    protected override (string Text, bool Shortened) Show(FrequentValue value) => (new Guid(value.Value, bigEndian: true).ToString(), false);
}
