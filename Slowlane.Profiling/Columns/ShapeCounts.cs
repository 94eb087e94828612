namespace Slowlane.Profiling.Columns;

/// <summary>Counts the shapes of texts.</summary>
internal sealed class ShapeCounts
{
    private const int MostShown = 10;

    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private long _without;

    public void Add(ReadOnlySpan<byte> text, long count)
    {
        Span<char> buffer = stackalloc char[2 * TextShape.MostCharacters];
        if (TextShape.Write(text, buffer) is not (var length and >= 0))
        {
            _without += count;
            return;
        }

        var counts = _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        counts.TryGetValue(buffer[..length], out var counted);
        counts[buffer[..length]] = counted + count;
    }

    /// <summary>The most frequent shapes. Equally frequent ones are in the order of their characters.</summary>
    public ShapeFigures Describe(TextBasis basis)
    {
        ShapeCount[] first =
        [
            .. _counts.Select(item => new ShapeCount(item.Key, item.Value))
                .OrderByDescending(shape => shape.Count).ThenBy(shape => shape.Shape, StringComparer.Ordinal).Take(MostShown),
        ];
        var others = _counts.Values.Sum() - first.Sum(shape => shape.Count);
        return new ShapeFigures(basis.Exact, basis.Method, basis.ShareError, basis.Of, _counts.Count, first, others, _without);
    }
}
