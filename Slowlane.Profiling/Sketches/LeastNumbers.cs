namespace Slowlane.Profiling.Sketches;

/// <summary>The least distinct numbers of a stream, ascending, each with the number of its occurrences. Of negated numbers they are the greatest.</summary>
internal sealed class LeastNumbers
{
    public const int Most = 5;

    private readonly double[] _numbers = new double[Most];
    private readonly long[] _counts = new long[Most];
    private int _used;

    /// <summary>The greatest number that has a place. A number above it has none.</summary>
    public double Last { get; private set; } = double.PositiveInfinity;

    public IEnumerable<(double Number, long Count)> All => _numbers.Zip(_counts).Take(_used);

    public void Add(double number, long count)
    {
        var place = _used;
        while (place > 0 && _numbers[place - 1] >= number)
        {
            place--;
        }

        if (place < _used && _numbers[place] == number)
        {
            _counts[place] += count;
        }
        else if (place < Most)
        {
            Insert(place, number, count);
        }
    }

    public void Merge(LeastNumbers other)
    {
        foreach (var (number, count) in other.All)
        {
            Add(number, count);
        }
    }

    public void Write(BinaryWriter state)
    {
        state.WriteDoubles(_numbers.AsSpan(0, _used));
        foreach (var count in _counts.AsSpan(0, _used))
        {
            state.Write7BitEncodedInt64(count);
        }
    }

    public void Read(BinaryReader state)
    {
        foreach (var number in state.ReadDoubles(Most))
        {
            Add(number, 0);
        }

        foreach (ref var count in _counts.AsSpan(0, _used))
        {
            count = state.ReadCount();
        }
    }

    private void Insert(int place, double number, long count)
    {
        _used = Math.Min(_used + 1, Most);
        Array.Copy(_numbers, place, _numbers, place + 1, _used - place - 1);
        Array.Copy(_counts, place, _counts, place + 1, _used - place - 1);
        (_numbers[place], _counts[place]) = (number, count);
        Last = _used == Most ? _numbers[^1] : double.PositiveInfinity;
    }
}
