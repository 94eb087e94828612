namespace Slowlane.Profiling.Columns;

/// <summary>The ends of values that arrive as texts, in the order of what the texts stand for.</summary>
/// <typeparam name="TKey">What a text stands for. It has one text.</typeparam>
/// <param name="parse">Reads a text.</param>
/// <param name="compare">The order.</param>
internal sealed class ParsedEnds<TKey>(Func<ReadOnlySpan<byte>, TKey> parse, Comparison<TKey> compare) : ValueEnds
    where TKey : struct
{
    private TKey _least;
    private TKey _greatest;

    public override void Add(ReadOnlySpan<byte> value)
    {
        var key = parse(value);
        if (Min is null || compare(key, _least) < 0)
        {
            (Min, _least) = (value.ToArray(), key);
        }

        if (Max is null || compare(key, _greatest) > 0)
        {
            (Max, _greatest) = (value.ToArray(), key);
        }
    }
}
