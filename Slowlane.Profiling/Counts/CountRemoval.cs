using System.Buffers;

namespace Slowlane.Profiling.Counts;

/// <summary>Removes rare values from the arrays of a table.</summary>
internal static class CountRemoval
{
    /// <summary>The number of values whose count and error add up to more than a number.</summary>
    public static int Above(CountArrays arrays, long most)
    {
        var slots = arrays.Slots;
        var (errors, above) = (arrays.Errors, 0);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var possible = slots[slot].Number + (slot < errors.Length ? errors[slot] : 0);
            above += possible > most ? 1 : 0; // Without a branch, which could not be predicted.
        }

        return above;
    }

    /// <summary>Removes all values but those. Most often they are few, so they are put into empty arrays.</summary>
    /// <returns>Their number.</returns>
    public static int Remove(CountArrays arrays, int used, long most)
    {
        var rented = ArrayPool<(CountSlot Value, long Error, int Place)>.Shared.Rent(used);
        var slots = arrays.Slots;
        var (errors, places, kept) = (arrays.Errors, arrays.Places, 0);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var error = slot < errors.Length ? errors[slot] : 0;
            if (slots[slot].Number + error > most)
            {
                rented[kept++] = (slots[slot], error, places.Length == 0 ? 0 : places[slot]);
            }
        }

        arrays.Clear();
        foreach (var (value, error, place) in rented.AsSpan(0, kept))
        {
            arrays.Put(value, error, place);
        }

        ArrayPool<(CountSlot, long, int)>.Shared.Return(rented);
        return kept;
    }
}
