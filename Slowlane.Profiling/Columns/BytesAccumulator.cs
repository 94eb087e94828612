using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Counts, distinguishes, orders and measures byte values without interpreting them.</summary>
internal sealed class BytesAccumulator(ProfileBudget budget) : ColumnAccumulator(budget, ValueKind.Hidden)
{
    private readonly ByteEnds _ends = new();
    private long _shortest = long.MaxValue;
    private long _longest;
    private long _bytes;

    protected override bool HasTop => false;

    public override void Add(ReadOnlySpan<byte> value) => Add(Hash64.Of(value), value.Length, value);

    public override void Add(LongValue value) => Add(value.Hash, value.Length, value.Beginning);

    public override void Merge(ColumnAccumulator other)
    {
        var theirs = (BytesAccumulator)other;
        MergeCounts(other);
        _ends.Merge(theirs._ends);
        _shortest = Math.Min(_shortest, theirs._shortest);
        _longest = Math.Max(_longest, theirs._longest);
        _bytes += theirs._bytes;
    }

    protected override void WriteFigures(BinaryWriter state)
    {
        _ends.Write(state);
        state.Write(_shortest);
        state.Write7BitEncodedInt64(_longest);
        state.Write7BitEncodedInt64(_bytes);
    }

    protected override void ReadFigures(BinaryReader state)
    {
        _ends.Read(state);
        _shortest = state.ReadInt64();
        _longest = state.ReadCount();
        _bytes = state.ReadCount();
    }

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input) => head with
    {
        Min = Text(_ends.Min),
        Max = Text(_ends.Max),
        Lengths = Count > 0 ? new LengthFigures(_shortest, _longest, (double)_bytes / Count) : null,
    };

    protected override (string Text, bool Shortened) Show(FrequentValue value) => throw new NotSupportedException();

    private static string? Text(byte[]? end) => end is null ? null : $"\\x{Convert.ToHexStringLower(end)}";

    private void Add(ulong hash, long length, ReadOnlySpan<byte> beginning)
    {
        Count++;
        Values.Add(hash);
        _ends.Add(beginning);
        _shortest = Math.Min(_shortest, length);
        _longest = Math.Max(_longest, length);
        _bytes += length;
    }
}
