using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

internal sealed class UuidAccumulator(ProfileBudget budget) : ColumnAccumulator(budget, ValueKind.Bytes)
{
    private readonly ByteEnds _ends = new();

    public override void Add(ReadOnlySpan<byte> value)
    {
        Count++;
        Values.Add(Hash64.Of(value), value);
        _ends.Add(value);
    }

    public override void Merge(ColumnAccumulator other)
    {
        MergeCounts(other);
        _ends.Merge(((UuidAccumulator)other)._ends);
    }

    protected override void WriteFigures(BinaryWriter state) => _ends.Write(state);

    protected override void ReadFigures(BinaryReader state) => _ends.Read(state);

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input) => head with { Min = Text(_ends.Min), Max = Text(_ends.Max) };

    protected override (string Text, bool Shortened) Show(FrequentValue value) => (Text(value.Value)!, false);

    protected override ulong? HashOf(string shown) => Guid.TryParse(shown, out var value) ? Hash64.Of(value.ToByteArray(bigEndian: true)) : null;

    private static string? Text(byte[]? value) => value is null ? null : new Guid(value, bigEndian: true).ToString();
}
