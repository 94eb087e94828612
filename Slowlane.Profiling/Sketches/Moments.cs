using System.Numerics;

namespace Slowlane.Profiling.Sketches;

/// <summary>The mean and the standard deviation of a stream of numbers, from exact sums.</summary>
/// <remarks>
/// Every finite double is a multiple of 2^-1074. The sums of the numbers and of their squares are therefore kept as whole numbers, in cells of
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

    /// <summary>The mean. Null without values.</summary>
    public double? Mean => _count > 0 ? ExactRatio.ToDouble(Sum(), _count, ExactRatio.Smallest) : null;

    /// <summary>
    /// The standard deviation of the sample (n − 1), as <c>stddev_samp</c>. Null for fewer than two values, or if it is beyond the range of double.
    /// </summary>
    public double? StandardDeviation
    {
        get
        {
            if (_count < 2)
            {
                return null;
            }

            var sum = Sum();
            var deviation = ExactRatio.Root((_count * Squares()) - (sum * sum), (BigInteger)_count * (_count - 1), 2 * ExactRatio.Smallest);
            return double.IsFinite(deviation) ? deviation : null;
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
        foreach (ref var cell in _cells.AsSpan())
        {
            cell.Write(state);
        }
    }

    public void Read(BinaryReader state)
    {
        _count = state.ReadCount();
        _first = state.ReadByte();
        _cells = new MomentCell[state.ReadCount(Cells - _first)];
        foreach (ref var cell in _cells.AsSpan())
        {
            cell.Read(state);
        }
    }

    private void AddBits(long bits)
    {
        var exponent = (uint)(bits >> 52) & 0x7FF;
        var normal = exponent == 0 ? 0u : 1u;
        var digits = (bits & 0xF_FFFF_FFFF_FFFF) | ((long)normal << 52);
        var position = exponent - normal; // The number is its digits times 2^(position - 1074).
        var cell = (int)(position / ExponentsPerCell);
        if ((uint)(cell - _first) >= (uint)_cells.Length)
        {
            Cover(cell);
        }

        _cells[cell - _first].Add(digits << (int)(position % ExponentsPerCell), bits >> 63);
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

    private BigInteger Sum() => Total(cell => cell.Sum, ExponentsPerCell);

    private BigInteger Squares() => Total(cell => cell.Squares, 2 * ExponentsPerCell);

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
