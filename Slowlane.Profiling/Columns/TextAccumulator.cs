using System.Text;
using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Accumulates UTF-8 texts: lengths, the most frequent values and, if the type has an order, minimum and maximum.</summary>
/// <param name="budget">The budget of the column.</param>
/// <param name="ends">The minimum and the maximum. Null if there are none.</param>
/// <param name="described">Whether white space and the content are described.</param>
internal sealed class TextAccumulator(ProfileBudget budget, ValueEnds? ends = null, bool described = false)
    : ColumnAccumulator(budget, described ? ValueKind.Texts : ValueKind.Bytes)
{
    private readonly TextSpaces? _spaces = described ? new() : null;
    private long _shortest = long.MaxValue;
    private long _longest;
    private long _characters;

    private ValueEnds? Ends => ends;

    public override void Add(ReadOnlySpan<byte> value)
    {
        Values.Add(Hash64.Of(value), value);
        _spaces?.Add(value);
        AddLength(Utf8.CountCharacters(value));
        ends?.Add(value);
    }

    public override void Add(LongValue value)
    {
        Values.Add(value.Hash, value.Beginning);
        _spaces?.Add(value.Beginning, value.End);
        AddLength(value.Characters);
        ends?.Add(value.Beginning);
    }

    public override void Merge(ColumnAccumulator other)
    {
        var theirs = (TextAccumulator)other;
        MergeCounts(other);
        ends?.Merge(theirs.Ends!);
        _spaces?.Merge(theirs._spaces!);
        _shortest = Math.Min(_shortest, theirs._shortest);
        _longest = Math.Max(_longest, theirs._longest);
        _characters += theirs._characters;
    }

    protected override void WriteFigures(BinaryWriter state)
    {
        ends?.Write(state);
        _spaces?.Write(state);
        state.Write(_shortest);
        state.Write7BitEncodedInt64(_longest);
        state.Write7BitEncodedInt64(_characters);
    }

    protected override void ReadFigures(BinaryReader state)
    {
        ends?.Read(state);
        _spaces?.Read(state);
        _shortest = state.ReadInt64();
        _longest = state.ReadCount();
        _characters = state.ReadCount();
    }

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input) => (described ? TextContent.Describe(head, Values) : head) with
    {
        Min = Text(ends?.Min),
        Max = Text(ends?.Max),
        Lengths = Count == 0 ? null : new LengthFigures(_shortest, _longest, (double)_characters / Count),
        Spaces = Count == 0 ? null : _spaces?.Describe(),
    };

    protected override (string Text, bool Shortened) Show(FrequentValue value)
    {
        var shortened = value.Value.Length > ValueStore.ShownBytes;
        return Utf8.Read(value.Value.AsSpan(0, Math.Min(value.Value.Length, ValueStore.ShownBytes)), shortened);
    }

    protected override ulong? HashOf(string shown) => Hash64.Of(Encoding.UTF8.GetBytes(shown));

    private void AddLength(long characters)
    {
        Count++;
        _characters += characters;
        _shortest = Math.Min(_shortest, characters);
        _longest = Math.Max(_longest, characters);
    }

    private static string? Text(byte[]? end) => end is null ? null : Utf8.Read(end, shortened: end.Length == ValueEnds.ComparedBytes).Text;
}
