using System.Buffers;
using System.Numerics;

namespace Slowlane.Profiling.Sketches;

/// <summary>Estimates quantiles of a stream of numbers, and keeps about 3 k of the numbers.</summary>
/// <remarks>
/// Karnin, Lang, Liberty: <i>Optimal quantile approximation in streams</i> (FOCS 2016), with their lazy compaction.
/// </remarks>
internal sealed class KllSketch(int k)
{
    /// <summary>The capacity of the lowest levels.</summary>
    public const int SmallestLevel = 8;

    private const int MaxLevels = 62; // The weight of a level must fit in a long.

    private readonly KllLevels _levels = new(k);

    public long Count { get; private set; }

    /// <summary>The error of a rank at 99 % confidence, as a fraction of the count. The formula is a fit by Apache DataSketches (KllHelper).</summary>
    public double RankError => 2.296 / Math.Pow(k, 0.9723);

    /// <summary>The error of the number of values between two bounds, on the same terms.</summary>
    public double BinError => 2.446 / Math.Pow(k, 0.9433);

    public void Add(ReadOnlySpan<double> values)
    {
        Count += values.Length;
        _levels.Add(0, values);
    }

    /// <summary>Adds numbers, each as often as its count says.</summary>
    public void Add(ReadOnlySpan<double> values, ReadOnlySpan<long> counts)
    {
        var total = 0L;
        foreach (var count in counts)
        {
            total += count;
        }

        // As many levels as a stream of that length has: with more of them, the lowest ones would be too small.
        var top = BitOperations.Log2((ulong)Math.Max(1, total / k));
        _levels.Raise(top + 1);
        var chosen = ArrayPool<double>.Shared.Rent(values.Length + (int)(total >> top));
        for (var h = top; h >= 0; h--)
        {
            var level = chosen.AsSpan(0, Choose(values, counts, h, h == top, chosen));
            if (h > 0)
            {
                RadixSort.Sort(level); // The lowest level is sorted when it is full.
            }

            _levels.Add(h, level);
        }

        ArrayPool<double>.Shared.Return(chosen);
        Count += total;
    }

    public void Merge(KllSketch other)
    {
        Count += other.Count;
        _levels.Merge(other._levels);
    }

    /// <summary>All kept values with their weights. The weights add up to <see cref="Count"/>.</summary>
    public (double[] Values, long[] Weights) Weighted()
    {
        var values = new double[_levels.Size];
        var weights = new long[_levels.Size];
        var next = 0;
        for (var h = 0; h < _levels.Count; h++)
        {
            _levels[h].CopyTo(values.AsSpan(next));
            weights.AsSpan(next, _levels[h].Length).Fill(1L << h);
            next += _levels[h].Length;
        }

        Array.Sort(values, weights);
        return (values, weights);
    }

    public void Write(BinaryWriter state)
    {
        state.Write7BitEncodedInt64(Count);
        state.Write(_levels.Coin);
        state.Write7BitEncodedInt(_levels.Count);
        for (var h = 0; h < _levels.Count; h++)
        {
            state.WriteDoubles(_levels[h]);
        }
    }

    /// <summary>Reads a state. This sketch must be new and have the same k.</summary>
    public void Read(BinaryReader state)
    {
        Count = state.ReadCount();
        _levels.Coin = state.ReadUInt32();
        _levels.Raise(state.ReadCount(MaxLevels));
        for (var h = 0; h < _levels.Count; h++)
        {
            _levels.Append(h, state.ReadDoubles(_levels.Capacity));
        }
    }

    // The numbers of a level: a count is the sum of the weights of its bits. The top level takes all of the higher bits.
    private static int Choose(ReadOnlySpan<double> values, ReadOnlySpan<long> counts, int h, bool top, Span<double> chosen)
    {
        var next = 0;
        for (var i = 0; i < values.Length; i++)
        {
            for (var copies = top ? counts[i] >> h : (counts[i] >> h) & 1; copies > 0; copies--)
            {
                chosen[next++] = values[i];
            }
        }

        return next;
    }
}
