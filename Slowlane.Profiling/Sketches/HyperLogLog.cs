using System.Numerics;

namespace Slowlane.Profiling.Sketches;

/// <summary>Counts any number of distinct hashes in 16 KiB.</summary>
/// <remarks>
/// Flajolet, Fusy, Gandouet, Meunier: <i>HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm</i> (2007). The
/// estimator is that of Ertl: <i>New cardinality estimation algorithms for HyperLogLog sketches</i> (arXiv 1702.01284, 2017, algorithm 6). It
/// has no bias over the whole range and needs no tables.
/// </remarks>
internal sealed class HyperLogLog
{
    private const int Precision = 14;
    private const int Registers = 1 << Precision;
    private const int MaxRank = 64 - Precision;

    /// <summary>The standard error, as a fraction of the count: 1.04 / √16,384.</summary>
    public const double RelativeError = 1.04 / 128;

    private readonly byte[] _ranks = new byte[Registers];

    public void Add(ReadOnlySpan<ulong> hashes)
    {
        foreach (var hash in hashes)
        {
            // The low bit is set and bounds the rank if all other bits are zero.
            var rank = (byte)(BitOperations.LeadingZeroCount((hash << Precision) | (1UL << (Precision - 1))) + 1);
            ref var register = ref _ranks[hash >> MaxRank];
            if (rank > register)
            {
                register = rank;
            }
        }
    }

    public void Merge(HyperLogLog other)
    {
        for (var i = 0; i < Registers; i++)
        {
            _ranks[i] = Math.Max(_ranks[i], other._ranks[i]);
        }
    }

    public void Write(BinaryWriter state) => state.Write(_ranks);

    public void Read(BinaryReader state) => state.ReadExactly(_ranks);

    public long Estimate()
    {
        Span<int> counts = stackalloc int[MaxRank + 2];
        counts.Clear();
        foreach (var rank in _ranks)
        {
            counts[rank]++;
        }

        var z = Registers * Tau(1 - (counts[MaxRank + 1] / (double)Registers));
        for (var k = MaxRank; k >= 1; k--)
        {
            z = 0.5 * (z + counts[k]);
        }

        z += Registers * Sigma(counts[0] / (double)Registers);
        return (long)Math.Round((double)Registers * Registers / (2 * Math.Log(2) * z));
    }

    private static double Sigma(double x)
    {
        if (x == 1)
        {
            return double.PositiveInfinity;
        }

        var (y, z, before) = (1.0, x, double.NaN);
        while (z != before)
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }

        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        var (y, z, before) = (1.0, 1 - x, double.NaN);
        while (z != before)
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }

        return z / 3;
    }
}
