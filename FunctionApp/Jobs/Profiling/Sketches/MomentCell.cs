using System.Numerics;
using System.Runtime.InteropServices;

namespace Slowlane.Jobs.Profiling.Sketches;

/// <summary>The exact sums of whole numbers below 2^60 and of their squares, for as many of them as there may be.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MomentCell
{
    private Int128 _sum;
    private UInt128 _squares;
    private ulong _squaresCarry;

    public readonly BigInteger Sum => _sum;

    public readonly BigInteger Squares => ((BigInteger)_squaresCarry << 128) + _squares;

    public void Add(ulong digits, bool negative)
    {
        _sum += negative ? -(Int128)digits : digits;
        AddSquares(new UInt128(Math.BigMul(digits, digits, out var low), low));
    }

    public void Merge(in MomentCell other)
    {
        _sum += other._sum;
        _squaresCarry += other._squaresCarry;
        AddSquares(other._squares);
    }

    public readonly void Write(BinaryWriter state)
    {
        state.Write((ulong)_sum);
        state.Write((ulong)(_sum >> 64));
        state.Write((ulong)_squares);
        state.Write((ulong)(_squares >> 64));
        state.Write7BitEncodedInt64((long)_squaresCarry);
    }

    public void Read(BinaryReader state)
    {
        var low = state.ReadUInt64();
        _sum = new Int128(state.ReadUInt64(), low);
        low = state.ReadUInt64();
        _squares = new UInt128(state.ReadUInt64(), low);
        _squaresCarry = (ulong)state.ReadCount();
    }

    private void AddSquares(UInt128 squares)
    {
        _squares += squares;
        _squaresCarry += _squares < squares ? 1UL : 0;
    }
}
