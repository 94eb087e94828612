using System.Numerics;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Sketches;

/// <summary>The exact sums of any number of whole numbers below 2^60 and of their squares.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MomentCell
{
    private ulong _sum;
    private long _sumHigh;
    private ulong _squares;
    private ulong _squaresHigh;
    private ulong _squaresCarry;

    public readonly BigInteger Sum => new Int128((ulong)_sumHigh, _sum);

    public readonly BigInteger Squares => ((BigInteger)_squaresCarry << 128) + new UInt128(_squaresHigh, _squares);

    /// <summary>Adds a number without a branch, because signs are unpredictable.</summary>
    /// <param name="digits">The magnitude.</param>
    /// <param name="sign">0, or -1 for a negative number.</param>
    public void Add(long digits, long sign)
    {
        var number = (ulong)((digits ^ sign) - sign);
        var squareHigh = Math.BigMul((ulong)digits, (ulong)digits, out var square);
        _sum += number;
        _sumHigh += sign + (_sum < number ? 1 : 0);
        _squares += square;
        squareHigh += _squares < square ? 1UL : 0; // The value is below 2^56, so there is no carry.
        _squaresHigh += squareHigh;
        _squaresCarry += _squaresHigh < squareHigh ? 1UL : 0;
    }

    public void Merge(in MomentCell other)
    {
        var sum = new Int128((ulong)_sumHigh, _sum) + new Int128((ulong)other._sumHigh, other._sum);
        (_sumHigh, _sum) = ((long)(sum >> 64), (ulong)sum);
        var theirs = new UInt128(other._squaresHigh, other._squares);
        var squares = new UInt128(_squaresHigh, _squares) + theirs;
        (_squaresHigh, _squares) = ((ulong)(squares >> 64), (ulong)squares);
        _squaresCarry += other._squaresCarry + (squares < theirs ? 1UL : 0);
    }

    public readonly void Write(BinaryWriter state)
    {
        state.Write(_sum);
        state.Write(_sumHigh);
        state.Write(_squares);
        state.Write(_squaresHigh);
        state.Write7BitEncodedInt64((long)_squaresCarry);
    }

    public void Read(BinaryReader state)
    {
        (_sum, _sumHigh) = (state.ReadUInt64(), state.ReadInt64());
        (_squares, _squaresHigh) = (state.ReadUInt64(), state.ReadUInt64());
        _squaresCarry = (ulong)state.ReadCount();
    }
}
