namespace Slowlane.Profiling.Sketches;

/// <summary>One level of a <see cref="KllSketch"/>. Its values have the same weight. Every level but the lowest is sorted.</summary>
internal sealed class KllLevel
{
    private double[] _values = new double[KllSketch.SmallestLevel];

    public int Count { get; private set; }

    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public void Append(ReadOnlySpan<double> values)
    {
        Reserve(values.Length);
        values.CopyTo(_values.AsSpan(Count));
        Count += values.Length;
    }

    public void Sort() => RadixSort.Sort(_values.AsSpan(0, Count));

    // Merges from the end, so that no second array is needed. It does not branch on the comparison, which is unpredictable.
    public void MergeSorted(ReadOnlySpan<double> values)
    {
        Reserve(values.Length);
        var merged = _values.AsSpan(0, Count + values.Length);
        var (ours, theirs) = (Count - 1, values.Length - 1);
        while ((ours | theirs) >= 0)
        {
            var (mine, other) = (merged[ours], values[theirs]);
            var greater = mine > other ? 1 : 0;
            merged[ours + theirs + 1] = Math.Max(mine, other);
            ours -= greater;
            theirs -= 1 - greater;
        }

        values[..(theirs + 1)].CopyTo(merged);
        Count = merged.Length;
    }

    /// <summary>Moves every second value to the next level. An odd last value stays. Returns the number of removed values.</summary>
    public int Compact(KllLevel above, bool odd)
    {
        var pairs = Count / 2;
        for (var i = 0; i < pairs; i++)
        {
            _values[i] = _values[(2 * i) + (odd ? 1 : 0)];
        }

        var last = _values[Count - 1];
        above.MergeSorted(_values.AsSpan(0, pairs));
        Count -= 2 * pairs;
        _values[0] = last;
        return pairs;
    }

    private void Reserve(int more)
    {
        if (Count + more > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(Count + more, _values.Length * 2));
        }
    }
}
