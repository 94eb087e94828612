using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Counts;

/// <summary>The distribution of a column's numbers: that of the counted values as long as every value is counted, then that of a <see cref="KllSketch"/>.</summary>
internal sealed class Distribution
{
    private readonly int _sketchSize;
    private readonly ValueCounts _counts;
    private readonly ValueNumber _number;
    private readonly bool _byBytes;
    private long _added;
    private long _begun; // The number of values that the sketch began with.
    private KllSketch? _sketch;

    /// <summary>A new instance.</summary>
    /// <param name="sketchSize">The k of the sketch.</param>
    /// <param name="counts">The counts of the values. Each is added there before its number is added here.</param>
    /// <param name="number">The number of a value. NaN for values that are not part of the distribution.</param>
    /// <param name="byBytes">Whether the number depends on the bytes of the value, and not on its hash alone.</param>
    public Distribution(int sketchSize, ValueCounts counts, ValueNumber number, bool byBytes)
    {
        (_sketchSize, _counts, _number, _byBytes) = (sketchSize, counts, number, byBytes);
        counts.Losing = bytes => _ = bytes && !byBytes ? null : Sketch();
    }

    public void Add(ReadOnlySpan<double> numbers)
    {
        if (_sketch is null)
        {
            _counts.Flush();
        }

        if (_sketch is not null)
        {
            // The sketch began with all values that were counted by then, also with some of these.
            var begun = (int)Math.Clamp(_begun - _added, 0, numbers.Length);
            _sketch.Add(numbers[begun..]);
        }

        _added += numbers.Length;
    }

    /// <summary>Merges another distribution, before the counts of its values are merged.</summary>
    public void Merge(Distribution other)
    {
        if (_sketch is not null || other._sketch is not null || !_counts.Fits(other._counts, _byBytes))
        {
            Sketch().Merge(other.Sketch());
        }

        _added += other._added;
    }

    public SortedValues Sorted()
    {
        _counts.Flush();
        var (values, weights) = _sketch is { } sketch ? sketch.Weighted() : CountedNumbers.Of(_counts.Counted, _number);
        return new SortedValues(values, weights, _sketch?.RankError ?? 0, _sketch?.BinError ?? 0);
    }

    public void Write(BinaryWriter state)
    {
        _counts.Flush();
        state.Write7BitEncodedInt64(_added);
        state.Write(_sketch is not null);
        _sketch?.Write(state);
    }

    public void Read(BinaryReader state)
    {
        _added = state.ReadCount();
        if (state.ReadBoolean())
        {
            _sketch = new KllSketch(_sketchSize);
            _sketch.Read(state);
        }
    }

    private KllSketch Sketch()
    {
        if (_sketch is null)
        {
            _sketch = new KllSketch(_sketchSize);
            CountedNumbers.AddTo(_sketch, _counts.Counted, _number);
            _begun = _sketch.Count;
        }

        return _sketch;
    }
}
