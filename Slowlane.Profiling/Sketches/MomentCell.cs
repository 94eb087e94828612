using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Sketches;

/// <summary>
/// The exact sums of up to 2^63 whole numbers below 2^60, and of their squares, cubes and fourth powers. Each is in two's complement, its lowest word
/// first.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MomentCell
{
    private (ulong W0, ulong W1) _sum;
    private (ulong W0, ulong W1, ulong W2) _squares;
    private (ulong W0, ulong W1, ulong W2, ulong W3) _cubes;
    private (ulong W0, ulong W1, ulong W2, ulong W3, ulong W4) _fourths;

    public readonly BigInteger Sum => Number([_sum.W0, _sum.W1]);

    public readonly BigInteger Squares => Number([_squares.W0, _squares.W1, _squares.W2]);

    public readonly BigInteger Cubes => Number([_cubes.W0, _cubes.W1, _cubes.W2, _cubes.W3]);

    public readonly BigInteger Fourths => Number([_fourths.W0, _fourths.W1, _fourths.W2, _fourths.W3, _fourths.W4]);

    /// <summary>Adds a number without a branch, because signs are unpredictable.</summary>
    /// <param name="digits">The magnitude.</param>
    /// <param name="negative">0, or all ones for a negative number.</param>
    public void Add(ulong digits, ulong negative)
    {
        var square1 = Math.BigMul(digits, digits, out var square0);
        var cube1 = Math.BigMul(square0, digits, out var cube0);
        var cube2 = Math.BigMul(square1, digits, out var product0);
        cube2 += Carry(ref cube1, product0, 0);

        // The square of square1 · 2^64 + square0, whose middle product counts twice.
        var fourth1 = Math.BigMul(square0, square0, out var fourth0);
        var middle1 = Math.BigMul(square1 * 2, square0, out var middle0);
        var fourth3 = Math.BigMul(square1, square1, out var fourth2);
        fourth3 += Carry(ref fourth2, middle1, Carry(ref fourth1, middle0, 0));

        var complement = negative & 1; // A negative number is the inverted magnitude plus one.
        AddSum(digits ^ negative, negative, complement);
        AddSquares(square0, square1, 0);
        AddCubes(cube0 ^ negative, cube1 ^ negative, cube2 ^ negative, negative, complement);
        AddFourths(fourth0, fourth1, fourth2, fourth3, 0);
    }

    public void Merge(in MomentCell other)
    {
        AddSum(other._sum.W0, other._sum.W1, 0);
        AddSquares(other._squares.W0, other._squares.W1, other._squares.W2);
        AddCubes(other._cubes.W0, other._cubes.W1, other._cubes.W2, other._cubes.W3, 0);
        AddFourths(other._fourths.W0, other._fourths.W1, other._fourths.W2, other._fourths.W3, other._fourths.W4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddSum(ulong w0, ulong w1, ulong carry) => _sum.W1 += w1 + Carry(ref _sum.W0, w0, carry);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddSquares(ulong w0, ulong w1, ulong w2) => _squares.W2 += w2 + Carry(ref _squares.W1, w1, Carry(ref _squares.W0, w0, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddCubes(ulong w0, ulong w1, ulong w2, ulong w3, ulong carry)
        => _cubes.W3 += w3 + Carry(ref _cubes.W2, w2, Carry(ref _cubes.W1, w1, Carry(ref _cubes.W0, w0, carry)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddFourths(ulong w0, ulong w1, ulong w2, ulong w3, ulong w4)
        => _fourths.W4 += w4 + Carry(ref _fourths.W3, w3, Carry(ref _fourths.W2, w2, Carry(ref _fourths.W1, w1, Carry(ref _fourths.W0, w0, 0))));

    // Adds to a word, and returns what is carried to the next one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Carry(ref ulong word, ulong number, ulong carry)
    {
        var sum = word + number;
        word = sum + carry;
        return (sum < number ? 1UL : 0) + (word < carry ? 1UL : 0);
    }

    private static BigInteger Number(ReadOnlySpan<ulong> words) => new(MemoryMarshal.AsBytes(words));
}
