using System.Numerics;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Sketches;

/// <summary>The sum, the mean, the standard deviation, the skewness and the kurtosis of a stream of numbers, from exact sums.</summary>
/// <remarks>
/// Every finite double is a multiple of 2^-1074. The sums of the numbers and of their powers are therefore kept as whole numbers, in cells of
/// eight exponents each, after Kulisch's long accumulator; Neal, <i>Fast exact summation using small and large superaccumulators</i> (arXiv
/// 1505.05571, 2015). They are rounded only when read. The results are the same to the last bit, whatever the order and the partitions of the
/// numbers.
/// </remarks>
internal sealed class Moments
{
    private const int ExponentsPerCell = 8;
    private const int Cells = 2048 / ExponentsPerCell;

    private MomentCell[] _cells = []; // Holds only the range in use. All exponents would take 10 KB.
    private int _first;
    private long _count;

    /// <summary>The sum. Null without values, or if it is beyond the range of double.</summary>
    public double? Sum => _count > 0 ? Finite(ExactRatio.ToDouble(Sums(), 1, ExactRatio.Smallest)) : null;

    /// <summary>The mean. Null without values.</summary>
    public double? Mean => _count > 0 ? ExactRatio.ToDouble(Sums(), _count, ExactRatio.Smallest) : null;

    /// <summary>
    /// The standard deviation of the sample (n − 1), as <c>stddev_samp</c>. Null for fewer than two values, or if it is beyond the range of double.
    /// </summary>
    public double? StandardDeviation
        => _count < 2 ? null : Finite(ExactRatio.Root(Second(), (BigInteger)_count * (_count - 1), 2 * ExactRatio.Smallest));

    /// <summary>
    /// The skewness of the sample, adjusted for its size: G1 of Joanes and Gill, <i>Comparing measures of sample skewness and kurtosis</i> (The
    /// Statistician 47, 1998). Null for fewer than three values, or if all are equal.
    /// </summary>
    public double? Skewness
    {
        get
        {
            var second = Second();
            if (_count < 3 || second.IsZero)
            {
                return null;
            }

            var (n, third) = ((BigInteger)_count, Third());
            return third.Sign * ExactRatio.Root(n * (n - 1) * third * third, (n - 2) * (n - 2) * BigInteger.Pow(second, 3), 0);
        }
    }

    /// <summary>The excess kurtosis of the sample, adjusted for its size: their G2, 0 for a normal distribution. Null for fewer than four values, or if all are equal.</summary>
    public double? Kurtosis
    {
        get
        {
            var second = Second();
            if (_count < 4 || second.IsZero)
            {
                return null;
            }

            var (n, square) = ((BigInteger)_count, second * second);
            return ExactRatio.ToDouble((n - 1) * (((n + 1) * Fourth()) - (3 * (n - 1) * square)), (n - 2) * (n - 3) * square, 0);
        }
    }

    public void Add(ReadOnlySpan<double> block)
    {
        _count += block.Length;
        foreach (var value in block)
        {
            var bits = BitConverter.DoubleToInt64Bits(value);
            if (bits << 1 != 0)
            {
                AddBits(bits);
            }
        }
    }

    public void Merge(Moments other)
    {
        _count += other._count;
        if (other._cells.Length > 0)
        {
            Cover(other._first);
            Cover(other._first + other._cells.Length - 1);
        }

        for (var i = 0; i < other._cells.Length; i++)
        {
            _cells[other._first - _first + i].Merge(other._cells[i]);
        }
    }

    public void Write(BinaryWriter state)
    {
        state.Write7BitEncodedInt64(_count);
        state.Write((byte)_first);
        state.Write7BitEncodedInt(_cells.Length);
        state.Write(MemoryMarshal.AsBytes(_cells.AsSpan()));
    }

    public void Read(BinaryReader state)
    {
        _count = state.ReadCount();
        _first = state.ReadByte();
        _cells = new MomentCell[state.ReadCount(Cells - _first)];
        state.ReadExactly(MemoryMarshal.AsBytes(_cells.AsSpan()));
    }

    private void AddBits(long bits)
    {
        var exponent = (uint)(bits >> 52) & 0x7FF;
        var normal = exponent == 0 ? 0u : 1u;
        var digits = ((ulong)bits & 0xF_FFFF_FFFF_FFFF) | ((ulong)normal << 52);
        var position = exponent - normal; // The number is its digits times 2^(position - 1074).
        var cell = (int)(position / ExponentsPerCell);
        if ((uint)(cell - _first) >= (uint)_cells.Length)
        {
            Cover(cell);
        }

        _cells[cell - _first].Add(digits << (int)(position % ExponentsPerCell), (ulong)(bits >> 63));
    }

    private void Cover(int cell)
    {
        if (_cells.Length == 0)
        {
            (_first, _cells) = (cell, new MomentCell[1]);
            return;
        }

        var (first, end) = (Math.Min(_first, cell), Math.Max(_first + _cells.Length, cell + 1));
        if (end - first > _cells.Length)
        {
            var wider = new MomentCell[end - first];
            _cells.CopyTo(wider, _first - first);
            (_first, _cells) = (first, wider);
        }
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    // The sums of the powers of the distances from the mean, times the count, its square and its cube, which makes them whole.
    private BigInteger Second() => (_count * Squares()) - (Sums() * Sums());

    private BigInteger Third()
    {
        var (n, sums) = ((BigInteger)_count, Sums());
        return (n * n * Cubes()) - (3 * n * sums * Squares()) + (2 * BigInteger.Pow(sums, 3));
    }

    private BigInteger Fourth()
    {
        var (n, sums) = ((BigInteger)_count, Sums());
        return (n * n * n * Fourths()) - (4 * n * n * sums * Cubes()) + (6 * n * sums * sums * Squares()) - (3 * BigInteger.Pow(sums, 4));
    }

    private BigInteger Sums() => Total(static cell => cell.Sum, ExponentsPerCell);

    private BigInteger Squares() => Total(static cell => cell.Squares, 2 * ExponentsPerCell);

    private BigInteger Cubes() => Total(static cell => cell.Cubes, 3 * ExponentsPerCell);

    private BigInteger Fourths() => Total(static cell => cell.Fourths, 4 * ExponentsPerCell);

    private BigInteger Total(Func<MomentCell, BigInteger> figure, int exponents)
    {
        var total = BigInteger.Zero;
        for (var i = 0; i < _cells.Length; i++)
        {
            total += figure(_cells[i]) << ((_first + i) * exponents);
        }

        return total;
    }
}
