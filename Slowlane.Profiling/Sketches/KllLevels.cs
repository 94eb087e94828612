namespace Slowlane.Profiling.Sketches;

/// <summary>
/// The levels of a <see cref="KllSketch"/>. A value on level h has the weight 2^h. When there are too many values, a full level is sorted, and every second
/// value moves up.
/// </summary>
internal sealed class KllLevels
{
    private const double Shrink = 2.0 / 3;

    private readonly int _k;
    private readonly List<KllLevel> _levels = [];
    private int _capacity;

    /// <summary>A new instance, of one level without values.</summary>
    /// <param name="k">The capacity of the highest level.</param>
    public KllLevels(int k)
    {
        _k = k;
        Raise(1);
    }

    /// <summary>The state of the random generator. The seed is fixed, so that equal streams give equal results.</summary>
    public uint Coin { get; set; } = 0x9e3779b9;

    /// <summary>The number of levels.</summary>
    public int Count => _levels.Count;

    /// <summary>The number of values that all levels may have.</summary>
    public int Capacity => _capacity;

    /// <summary>The number of values on all levels.</summary>
    public int Size { get; private set; }

    public ReadOnlySpan<double> this[int h] => _levels[h].Values;

    /// <summary>Adds levels until there are so many.</summary>
    public void Raise(int count)
    {
        while (_levels.Count < count)
        {
            _levels.Add(new KllLevel());
            _capacity = Enumerable.Range(0, _levels.Count).Sum(CapacityOf);
        }
    }

    /// <summary>Adds values to a level, as many at a time as there is room for. They must be sorted for every level but the lowest.</summary>
    public void Add(int h, ReadOnlySpan<double> values)
    {
        while (!values.IsEmpty)
        {
            var room = Math.Min(values.Length, _capacity - Size);
            Append(h, values[..room]);
            values = values[room..];
            Compress();
        }
    }

    /// <summary>Adds the values of other levels.</summary>
    public void Merge(KllLevels other)
    {
        Raise(other.Count);
        for (var h = 0; h < other.Count; h++)
        {
            Append(h, other[h]);
        }

        Compress();
    }

    /// <summary>Adds values to a level, also more than there is room for.</summary>
    public void Append(int h, ReadOnlySpan<double> values)
    {
        Size += values.Length;
        if (h == 0)
        {
            _levels[0].Append(values);
        }
        else
        {
            _levels[h].MergeSorted(values);
        }
    }

    // The lazy compaction of Karnin, Lang, Liberty: only the lowest full level is compacted, and only when all of them together are full.
    private void Compress()
    {
        while (Size >= _capacity)
        {
            var h = 0;
            while (_levels[h].Count < CapacityOf(h))
            {
                h++;
            }

            Raise(h + 2);
            if (h == 0)
            {
                _levels[0].Sort();
            }

            Size -= _levels[h].Compact(_levels[h + 1], odd: Toss());
        }
    }

    private bool Toss()
    {
        Coin ^= Coin << 13; // xorshift32 (Marsaglia 2003)
        Coin ^= Coin >> 17;
        Coin ^= Coin << 5;
        return (Coin & 0x10000) != 0;
    }

    private int CapacityOf(int h) => Math.Max(KllSketch.SmallestLevel, (int)Math.Ceiling(_k * Math.Pow(Shrink, _levels.Count - 1 - h)));
}
