using System.Text;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>The ends of an enum, in the order of its labels. The state has their places, so that a merge needs no labels.</summary>
/// <param name="labels">The labels in the enum's order. Empty to read a state.</param>
internal sealed class LabelEnds(IReadOnlyList<string> labels) : ValueEnds
{
    private readonly Dictionary<ulong, int> _places = labels.Index().ToDictionary(label => Hash64.Of(Encoding.UTF8.GetBytes(label.Item)), label => label.Index);
    private int _first = int.MaxValue;
    private int _last = -1;
    private bool _renamed; // A label that the catalog did not have when it was read: somebody renames it meanwhile. Nothing is known of its place.

    public override void Add(ReadOnlySpan<byte> value)
    {
        if (!_places.TryGetValue(Hash64.Of(value), out var place))
        {
            _renamed = true;
            (Min, Max) = (null, null);
        }
        else if (place < _first || place > _last)
        {
            Stretch(place, value.ToArray());
        }
    }

    public override void Merge(ValueEnds other)
    {
        var theirs = (LabelEnds)other;
        _renamed |= theirs._renamed;
        if (theirs is { Min: { } min, Max: { } max })
        {
            Stretch(theirs._first, min);
            Stretch(theirs._last, max);
        }

        (Min, Max) = _renamed ? (null, null) : (Min, Max);
    }

    public override void Write(BinaryWriter state)
    {
        state.Write(_renamed);
        state.WriteBytes(Min);
        state.WriteBytes(Max);
        state.Write(_first);
        state.Write(_last);
    }

    public override void Read(BinaryReader state)
    {
        _renamed = state.ReadBoolean();
        (Min, Max) = (state.ReadBytesOrNull(ComparedBytes), state.ReadBytesOrNull(ComparedBytes));
        (_first, _last) = (state.ReadInt32(), state.ReadInt32());
    }

    private void Stretch(int place, byte[] label)
    {
        if (place < _first)
        {
            (_first, Min) = (place, _renamed ? null : label);
        }

        if (place > _last)
        {
            (_last, Max) = (place, _renamed ? null : label);
        }
    }
}
