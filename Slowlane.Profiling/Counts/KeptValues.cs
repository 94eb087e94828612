using System.Buffers;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Counts;

/// <summary>Keeps the bytes of counted values, of those that may be shown, up to a number of bytes in all.</summary>
internal sealed class KeptValues(CountTable table, ValueKind kind, int bytes)
{
    private readonly ValueStore _store = new(bytes);
    private (long Count, ulong Hash, byte[] Value)? _floor;

    public CountTable Table => table;

    public ValueKind Kind => kind;

    /// <summary>Whether the bytes of a value were removed because there was no room for them.</summary>
    public bool Evicted { get; set; }

    /// <summary>Called before the bytes of a value are removed for the first time.</summary>
    public Action? Losing { get; set; }

    /// <summary>The kept bytes of the value in a slot. Empty if they are not kept.</summary>
    public ReadOnlySpan<byte> this[int slot] => table.PlaceOf(slot) is var place and > 0 ? _store[place] : default;

    /// <summary>Whether the value in a slot can be shown.</summary>
    public bool IsShown(int slot) => !kind.Kept || table.IsKept(slot);

    public bool HasRoom(int size) => _store.HasRoom(size);

    /// <summary>Keeps the bytes of a value that occurs so often by now.</summary>
    /// <returns>Their place. 0 if they are not kept: enough other values are ahead. Counts only grow, so the value can't be shown unless it occurs again, and then its bytes are here again.</returns>
    public int Add(ulong hash, long count, ReadOnlySpan<byte> value)
    {
        if (!kind.Kept || IsBehind(hash, count, value))
        {
            return 0;
        }

        if (!_store.HasRoom(ValueStore.SizeOf(value)))
        {
            Evict();
            if (IsBehind(hash, count, value))
            {
                return 0;
            }
        }

        return _store.Add(value);
    }

    /// <summary>Keeps the bytes of values of a block, for which there is room.</summary>
    public void Add(ReadOnlySpan<(int Index, int Slot)> unkept, ValueBlock block)
    {
        foreach (var (i, slot) in unkept)
        {
            if (!table.IsKept(slot) && (_floor is null || !IsBehind(table.HashOf(slot), table.CountOf(slot), block[i])))
            {
                table.Keep(slot, _store.Add(block[i]));
            }
        }
    }

    /// <summary>Keeps the bytes of a value that has a slot and occurs again, if they are missing, or if this spelling comes before the one that is kept.</summary>
    public void AddTo(int slot, long count, ReadOnlySpan<byte> value)
    {
        if (!kind.Kept)
        {
            return;
        }

        if (table.PlaceOf(slot) is not (var place and > 0))
        {
            table.Keep(slot, Add(table.HashOf(slot), table.CountOf(slot) + count, value));
        }
        else if (kind.Spelling is { } spelling && Beginning(value) is var kept && spelling(0, kept, 0, _store[place]) < 0)
        {
            _store.Replace(place, kept);
        }
    }

    /// <summary>Takes back the room of values that are no longer in the table.</summary>
    public void Compact()
    {
        _floor = null; // The values ahead of it may be gone.
        if (kind.Kept)
        {
            Move(CollectionsMarshal.AsSpan(ValueRanking.Shown(this)));
        }
    }

    private bool IsBehind(ulong hash, long count, ReadOnlySpan<byte> value) => _floor is { } floor
        && (count < floor.Count || (count == floor.Count && kind.Order(hash, Beginning(value), floor.Hash, floor.Value) >= 0));

    private void Evict()
    {
        var slots = CollectionsMarshal.AsSpan(ValueRanking.Shown(this));
        var kept = ValueSelection.First(this, slots, ValueRanking.Most, bytes / 2);
        _floor = null;
        if (kept < slots.Length)
        {
            Lose();
            var last = slots[kept - 1];
            _floor = (table.CountOf(last), table.HashOf(last), this[last].ToArray());
        }

        foreach (var slot in slots[kept..])
        {
            table.Keep(slot, 0);
        }

        Move(slots[..kept]);
    }

    private void Lose()
    {
        if (!Evicted)
        {
            Losing?.Invoke();
            Evicted = true;
        }
    }

    private void Move(Span<int> slots)
    {
        var rented = ArrayPool<int>.Shared.Rent(slots.Length);
        var places = rented.AsSpan(0, slots.Length);
        for (var i = 0; i < slots.Length; i++)
        {
            places[i] = table.PlaceOf(slots[i]);
        }

        places.Sort(slots);
        _store.Compact(places);
        for (var i = 0; i < slots.Length; i++)
        {
            table.Keep(slots[i], places[i]);
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    private static ReadOnlySpan<byte> Beginning(ReadOnlySpan<byte> value) => value[..Math.Min(value.Length, ValueStore.KeptBytes)];
}
