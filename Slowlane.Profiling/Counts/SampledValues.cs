namespace Slowlane.Profiling.Counts;

/// <summary>The distinct values to look at: all that are counted as long as nothing is lost of them, then those of a <see cref="HashSample"/>.</summary>
/// <param name="values">The counted values.</param>
/// <param name="size">The number of values in a sample. 0 if none is needed.</param>
internal sealed class SampledValues(CountedValues values, int size)
{
    private HashSample? _sample;

    private CountedValues Counted => values;

    /// <summary>To be called before a count, or the bytes of a value, are lost.</summary>
    public void Begin()
    {
        if (size > 0)
        {
            Sample();
        }
    }

    /// <summary>Adds values, which are counted too.</summary>
    public void Add(ValueBlock block) => _sample?.Add(block);

    /// <summary>Adds a value, which is counted too.</summary>
    public void Add(ulong hash, ReadOnlySpan<byte> value) => _sample?.Add(hash, value);

    /// <summary>Merges others, before the counts of their values are merged.</summary>
    public void Merge(SampledValues other)
    {
        if (size > 0 && (_sample is not null || other._sample is not null || !CountMerge.Fits(values, other.Counted, bytes: true)))
        {
            Sample().Merge(other.Sample());
        }
    }

    /// <summary>Visits every distinct value with its count, or those of the sample, each counted once.</summary>
    /// <returns>Whether every value was visited.</returns>
    public bool Visit(ValueVisitor visit)
    {
        foreach (var value in _sample?.Values ?? [])
        {
            visit(value, 1);
        }

        for (var slot = 0; slot < values.Table.Length && _sample is null; slot++)
        {
            if (!values.Table.IsFree(slot))
            {
                visit(values.Kept[slot], values.Table.CountOf(slot));
            }
        }

        return _sample is null;
    }

    public void Write(BinaryWriter state)
    {
        state.Write(_sample is not null);
        _sample?.Write(state);
    }

    public void Read(BinaryReader state)
    {
        if (state.ReadBoolean())
        {
            _sample = new HashSample(size);
            _sample.Read(state);
        }
    }

    private HashSample Sample()
    {
        if (_sample is not null)
        {
            return _sample;
        }

        _sample = new HashSample(size);
        for (var slot = 0; slot < values.Table.Length; slot++)
        {
            if (!values.Table.IsFree(slot))
            {
                _sample.Add(values.Table.HashOf(slot), values.Kept[slot]);
            }
        }

        return _sample;
    }
}
