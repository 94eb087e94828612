using System.Buffers;
using System.Text;

namespace Slowlane.Profiling.Columns;

/// <summary>The shape of a text: A for a capital letter, a for another letter, 9 for a digit, other characters as they are. Pure.</summary>
internal static class TextShape
{
    /// <summary>The number of characters up to which a text has a shape.</summary>
    public const int MostCharacters = 64;

    private static readonly char[] Ascii = [.. Enumerable.Range(0, 128).Select(code => (char)Of(new Rune(code)).Value)];

    /// <summary>Writes the shape of a text in UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <param name="shape">Room for two times the most characters.</param>
    /// <returns>The length of the shape. Negative if the text is too long to have one.</returns>
    public static int Write(ReadOnlySpan<byte> text, Span<char> shape)
    {
        var length = 0;
        for (var characters = 0; !text.IsEmpty; characters++)
        {
            if (characters == MostCharacters)
            {
                return -1;
            }

            if (text[0] < Ascii.Length)
            {
                shape[length++] = Ascii[text[0]];
                text = text[1..];
            }
            else
            {
                var known = Rune.DecodeFromUtf8(text, out var rune, out var bytes) == OperationStatus.Done;
                length += (known ? Of(rune) : Rune.ReplacementChar).EncodeToUtf16(shape[length..]);
                text = text[bytes..];
            }
        }

        return length;
    }

    private static Rune Of(Rune rune)
        => Rune.IsDigit(rune) ? new Rune('9') : !Rune.IsLetter(rune) ? rune : new Rune(Rune.IsUpper(rune) ? 'A' : 'a');
}
