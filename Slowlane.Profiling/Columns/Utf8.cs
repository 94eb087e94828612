using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace Slowlane.Profiling.Columns;

/// <summary>Operations on UTF-8 texts.</summary>
internal static class Utf8
{
    private const ulong LowBits = 0x0101010101010101;

    /// <summary>The number of characters as PostgreSQL's <c>length()</c> counts them: the bytes that are not a continuation (10xxxxxx).</summary>
    public static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var continuations = 0;
        var rest = text;
        while (rest.Length >= Vector128<byte>.Count)
        {
            // As signed bytes, the continuations 10xxxxxx are the 64 smallest values.
            continuations += BitOperations.PopCount(Vector128.LessThan(Vector128.Create(rest).AsSByte(), Vector128.Create((sbyte)-64)).ExtractMostSignificantBits());
            rest = rest[Vector128<byte>.Count..];
        }

        if (rest.Length >= sizeof(ulong))
        {
            continuations += Continuations(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            rest = rest[sizeof(ulong)..];
        }

        if (text.Length >= sizeof(ulong))
        {
            // Reads the last eight bytes without those that are already counted.
            var last = BinaryPrimitives.ReadUInt64LittleEndian(text[^sizeof(ulong)..]);
            continuations += rest.IsEmpty ? 0 : Continuations(last >> (8 * (sizeof(ulong) - rest.Length)));
            return text.Length - continuations;
        }

        foreach (var value in rest)
        {
            continuations += (value & 0xC0) == 0x80 ? 1 : 0;
        }

        return text.Length - continuations;
    }

    /// <summary>
    /// The first eight bytes as a number, padded with zeros. If the numbers of two texts differ, they order the texts.
    /// </summary>
    public static ulong Beginning(ReadOnlySpan<byte> text)
    {
        if (text.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(text);
        }

        var beginning = 0UL;
        for (var i = 0; i < text.Length; i++)
        {
            beginning |= (ulong)text[i] << (56 - (8 * i));
        }

        return beginning;
    }

    /// <summary>The text to show. A cut may leave a partial character at the end, which is removed.</summary>
    public static (string Text, bool Shortened) Read(ReadOnlySpan<byte> bytes, bool shortened)
    {
        var end = bytes.Length;
        if (shortened)
        {
            while (end > 0 && bytes.Length - end < 3 && (bytes[end - 1] & 0xC0) == 0x80)
            {
                end--;
            }

            var whole = end > 0 && bytes[end - 1] >= 0xC0 && LengthOf(bytes[end - 1]) > bytes.Length - end + 1;
            end = whole ? end - 1 : bytes.Length;
        }

        return (Encoding.UTF8.GetString(bytes[..end]), shortened);
    }

    private static int Continuations(ulong word) => BitOperations.PopCount((word >> 7) & ~(word >> 6) & LowBits);

    private static int LengthOf(byte first) => first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
}
