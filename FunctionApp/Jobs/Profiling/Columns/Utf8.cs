using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Slowlane.Jobs.Profiling.Columns;

/// <summary>What a profile needs to know of UTF-8.</summary>
internal static class Utf8
{
    private const ulong LowBits = 0x0101010101010101;

    /// <summary>Characters as PostgreSQL's <c>length()</c> counts them: every byte that is not a continuation (10xxxxxx).</summary>
    public static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var continuations = 0;
        var rest = text;
        while (rest.Length >= sizeof(ulong))
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            continuations += BitOperations.PopCount((word >> 7) & ~(word >> 6) & LowBits);
            rest = rest[sizeof(ulong)..];
        }

        foreach (var value in rest)
        {
            continuations += (value & 0xC0) == 0x80 ? 1 : 0;
        }

        return text.Length - continuations;
    }

    /// <summary>The text to show. What was cut off may have left half a character at the end; it goes.</summary>
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

    private static int LengthOf(byte first) => first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
}
