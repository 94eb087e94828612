using System.Numerics;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Sketches;

/// <summary>Estimates quantiles of a stream of numbers, and keeps about 3 k of the numbers.</summary>
/// <remarks>
/// Karnin, Lang, Liberty: <i>Optimal quantile approximation in streams</i> (FOCS 2016), with their lazy compaction. A value on level h has the
/// weight 2^h. A full level is sorted, and every second value moves up. The random bits come from a generator with a fixed seed, so that equal
/// streams give equal results.
/// </remarks>
internal sealed class KllSketch(int k)
{
    /// <summary>The capacity of the lowest levels.</summary>
    public const int SmallestLevel = 8;
    private const int MaxLevels = 62; // The weight of a level must fit in a long.
    private const double Shrink = 2.0 / 3;

    private readonly List<KllLevel> _levels = [new KllLevel()];
    private int _capacity = Math.Max(SmallestLevel, k);
    private int _size;
    private uint _coin = 0x9e3779b9;

    public long Count { get; private set; }

    /// <summary>The error of a rank at 99 % confidence, as a fraction of the count. The formula is a fit by Apache DataSketches (KllHelper).</summary>
    public double RankError => 2.296 / Math.Pow(k, 0.9723);

    /// <summary>The error of the number of values between two bounds, on the same terms.</summary>
    public double BinError => 2.446 / Math.Pow(k, 0.9433);

    public void Add(ReadOnlySpan<double> values)
    {
        Count += values.Length;
        AddTo(0, values);
    }

    /// <summary>Adds ascending numbers, each as often as its count says.</summary>
    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<long> counts)
    {
        var total = 0L;
        foreach (var count in counts)
        {
            total += count;
        }

        // As many levels as a stream of that length has: with more of them, the lowest ones would be too small.
        var top = BitOperations.Log2((ulong)Math.Max(1, total / k));
        while (_levels.Count <= top)
        {
            AddLevel();
        }

        var chosen = new List<double>();
        for (var h = top; h >= 0; h--)
        {
            Choose(values, counts, h, h == top, chosen);
            AddTo(h, CollectionsMarshal.AsSpan(chosen));
        }

        Count += total;
    }

    public void Merge(KllSketch other)
    {
        Count += other.Count;
        while (_levels.Count < other._levels.Count)
        {
            AddLevel();
        }

        for (var h = 0; h < other._levels.Count; h++)
        {
            var theirs = other._levels[h].Values;
            _size += theirs.Length;
            if (h == 0)
            {
                _levels[0].Append(theirs);
            }
            else
            {
                _levels[h].MergeSorted(theirs);
            }
        }

        Compress();
    }

    /// <summary>All kept values with their weights. The weights add up to <see cref="Count"/>.</summary>
    public (double[] Values, long[] Weights) Weighted()
    {
        var values = new double[_size];
        var weights = new long[_size];
        var next = 0;
        for (var h = 0; h < _levels.Count; h++)
        {
            var level = _levels[h].Values;
            level.CopyTo(values.AsSpan(next));
            weights.AsSpan(next, level.Length).Fill(1L << h);
            next += level.Length;
        }

        Array.Sort(values, weights);
        return (values, weights);
    }

    public void Write(BinaryWriter state)
    {
        state.Write7BitEncodedInt64(Count);
        state.Write(_coin);
        state.Write7BitEncodedInt(_levels.Count);
        foreach (var level in _levels)
        {
            state.WriteDoubles(level.Values);
        }
    }

    /// <summary>Reads a state. This sketch must be new and have the same k.</summary>
    public void Read(BinaryReader state)
    {
        Count = state.ReadCount();
        _coin = state.ReadUInt32();
        for (var levels = state.ReadCount(MaxLevels); _levels.Count < levels;)
        {
            AddLevel();
        }

        foreach (var level in _levels)
        {
            level.Append(state.ReadDoubles(_capacity));
            _size += level.Count;
        }
    }

    // The numbers of a level: a count is the sum of the weights of its bits. The top level takes all of the higher bits.
    private static void Choose(ReadOnlySpan<double> values, ReadOnlySpan<long> counts, int h, bool top, List<double> chosen)
    {
        chosen.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            for (var copies = top ? counts[i] >> h : (counts[i] >> h) & 1; copies > 0; copies--)
            {
                chosen.Add(values[i]);
            }
        }
    }

    private void AddTo(int h, ReadOnlySpan<double> values)
    {
        while (!values.IsEmpty)
        {
            var room = Math.Min(values.Length, _capacity - _size);
            if (h == 0)
            {
                _levels[0].Append(values[..room]);
            }
            else
            {
                _levels[h].MergeSorted(values[..room]);
            }

            _size += room;
            values = values[room..];
            Compress();
        }
    }

    private void Compress()
    {
        while (_size >= _capacity)
        {
            var h = 0;
            while (_levels[h].Count < CapacityOf(h))
            {
                h++;
            }

            if (h == _levels.Count - 1)
            {
                AddLevel();
            }

            if (h == 0)
            {
                _levels[0].Sort();
            }

            _coin ^= _coin << 13; // xorshift32 (Marsaglia 2003)
            _coin ^= _coin >> 17;
            _coin ^= _coin << 5;
            _size -= _levels[h].Compact(_levels[h + 1], odd: (_coin & 0x10000) != 0);
        }
    }

    private void AddLevel()
    {
        _levels.Add(new KllLevel());
        _capacity = 0;
        for (var h = 0; h < _levels.Count; h++)
        {
            _capacity += CapacityOf(h);
        }
    }

    private int CapacityOf(int h) => Math.Max(SmallestLevel, (int)Math.Ceiling(k * Math.Pow(Shrink, _levels.Count - 1 - h)));
}
