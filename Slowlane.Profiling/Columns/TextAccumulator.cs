using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Accumulates UTF-8 texts: lengths, the most frequent values and, if the type allows, minimum and maximum by code point.</summary>
internal sealed class TextAccumulator(ProfileBudget budget, bool ordered) : ColumnAccumulator(budget, ValueKind.Bytes)
{
    /// <summary>The number of bytes of a text that are compared and kept for minimum and maximum.</summary>
    public const int ComparedBytes = 1024;

    private readonly TextSpaces? _spaces = ordered ? new() : null;
    private byte[]? _min;
    private byte[]? _max;
    private ulong _least = ulong.MaxValue; // The first bytes of minimum and maximum. They decide nearly every comparison.
    private ulong _greatest;
    private long _shortest = long.MaxValue;
    private long _longest;
    private long _characters;

    public override void Add(ReadOnlySpan<byte> value)
    {
        Values.Add(Hash64.Of(value), value);
        _spaces?.Add(value);
        AddLength(Utf8.CountCharacters(value));
        if (Utf8.Beginning(value) is var beginning && (beginning <= _least || beginning >= _greatest))
        {
            AddOrder(value);
        }
    }

    public override void Add(LongValue value)
    {
        Values.Add(value.Hash, value.Beginning);
        _spaces?.Add(value.Beginning, value.End);
        AddLength(value.Characters);
        AddOrder(value.Beginning);
    }

    public override void Merge(ColumnAccumulator other)
    {
        var theirs = (TextAccumulator)other;
        MergeCounts(other);
        if (theirs._min is not null)
        {
            AddOrder(theirs._min);
            AddOrder(theirs._max);
        }

        _spaces?.Merge(theirs._spaces!);
        _shortest = Math.Min(_shortest, theirs._shortest);
        _longest = Math.Max(_longest, theirs._longest);
        _characters += theirs._characters;
    }

    protected override void WriteFigures(BinaryWriter state)
    {
        state.WriteBytes(_min);
        state.WriteBytes(_max);
        _spaces?.Write(state);
        state.Write(_shortest);
        state.Write7BitEncodedInt64(_longest);
        state.Write7BitEncodedInt64(_characters);
    }

    protected override void ReadFigures(BinaryReader state)
    {
        _min = state.ReadBytesOrNull(ComparedBytes);
        _max = state.ReadBytesOrNull(ComparedBytes);
        if (_max is not null)
        {
            (_least, _greatest) = (Utf8.Beginning(_min), Utf8.Beginning(_max));
        }

        _spaces?.Read(state);
        _shortest = state.ReadInt64();
        _longest = state.ReadCount();
        _characters = state.ReadCount();
    }

    protected override ColumnProfile Describe(ColumnProfile head, ProfileInput input) => head with
    {
        Min = _min is null ? null : Utf8.Read(_min, shortened: _min.Length == ComparedBytes).Text,
        Max = _max is null ? null : Utf8.Read(_max, shortened: _max.Length == ComparedBytes).Text,
        Lengths = Count == 0 ? null : new LengthFigures(_shortest, _longest, (double)_characters / Count),
        Spaces = Count == 0 ? null : _spaces?.Describe(),
    };

    protected override (string Text, bool Shortened) Show(FrequentValue value)
    {
        var shortened = value.Value.Length > ValueStore.ShownBytes;
        return Utf8.Read(value.Value.AsSpan(0, Math.Min(value.Value.Length, ValueStore.ShownBytes)), shortened);
    }

    private void AddLength(long characters)
    {
        Count++;
        _characters += characters;
        _shortest = Math.Min(_shortest, characters);
        _longest = Math.Max(_longest, characters);
    }

    private void AddOrder(ReadOnlySpan<byte> value)
    {
        if (!ordered)
        {
            return;
        }

        var compared = value.Length > ComparedBytes ? value[..ComparedBytes] : value;
        if (_min is null || compared.SequenceCompareTo(_min) < 0)
        {
            (_min, _least) = (compared.ToArray(), Utf8.Beginning(compared));
        }

        if (_max is null || compared.SequenceCompareTo(_max) > 0)
        {
            (_max, _greatest) = (compared.ToArray(), Utf8.Beginning(compared));
        }
    }
}
