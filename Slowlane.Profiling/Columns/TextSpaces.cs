using System.Text;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Counts texts without content, and texts with white space around it.</summary>
internal sealed class TextSpaces
{
    private long _empty;
    private long _blank;
    private long _untrimmed;

    public void Add(ReadOnlySpan<byte> text) => Add(text, text);

    /// <summary>Adds a text of which only the beginning and the end are known. It has other characters than white space.</summary>
    public void Add(ReadOnlySpan<byte> beginning, ReadOnlySpan<byte> end)
    {
        if (beginning.IsEmpty)
        {
            _empty++;
        }
        else if (MayBeSpace(beginning[0], end[^1]) && (BeginsWithSpace(beginning) || EndsWithSpace(end)))
        {
            var isBlank = beginning == end && IsBlank(beginning);
            _blank += isBlank ? 1 : 0;
            _untrimmed += isBlank ? 0 : 1;
        }
    }

    public void Merge(TextSpaces other)
    {
        _empty += other._empty;
        _blank += other._blank;
        _untrimmed += other._untrimmed;
    }

    public void Write(BinaryWriter state)
    {
        state.Write7BitEncodedInt64(_empty);
        state.Write7BitEncodedInt64(_blank);
        state.Write7BitEncodedInt64(_untrimmed);
    }

    public void Read(BinaryReader state) => (_empty, _blank, _untrimmed) = (state.ReadCount(), state.ReadCount(), state.ReadCount());

    public SpaceFigures Describe() => new(_empty, _blank, _untrimmed);

    // White space is up to U+0020, or begins with one of these bytes and ends with a continuation: U+0085, U+00A0, U+1680, U+2000 and on, U+3000.
    private static bool MayBeSpace(byte first, byte last) => first is <= 0x20 or 0xC2 or 0xE1 or 0xE2 or 0xE3 || last is <= 0x20 or >= 0x80;

    private static bool BeginsWithSpace(ReadOnlySpan<byte> text)
    {
        Rune.DecodeFromUtf8(text, out var rune, out _);
        return Rune.IsWhiteSpace(rune);
    }

    private static bool EndsWithSpace(ReadOnlySpan<byte> text)
    {
        Rune.DecodeLastFromUtf8(text, out var rune, out _);
        return Rune.IsWhiteSpace(rune);
    }

    private static bool IsBlank(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (!Rune.IsWhiteSpace(rune))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }
}
