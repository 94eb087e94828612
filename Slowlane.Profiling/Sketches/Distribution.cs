namespace Slowlane.Profiling.Sketches;

/// <summary>The distribution of numbers: keeps every number up to a bound, then uses a <see cref="KllSketch"/>.</summary>
internal sealed class Distribution(int bound, int sketchSize)
{
    private double[] _values = [];
    private int _count;
    private KllSketch? _sketch;

    public void Add(ReadOnlySpan<double> values)
    {
        if (_sketch is null && _count + values.Length <= bound)
        {
            Keep(values);
        }
        else
        {
            Sketch().Add(values);
        }
    }

    public void Merge(Distribution other)
    {
        if (other._sketch is { } theirs)
        {
            Sketch().Merge(theirs);
        }
        else
        {
            Add(other._values.AsSpan(0, other._count));
        }
    }

    public SortedValues Sorted()
    {
        if (_sketch is { } sketch)
        {
            var (values, weights) = sketch.Weighted();
            return new SortedValues(values, weights, sketch.RankError, sketch.BinError);
        }

        var sorted = _values.AsSpan(0, _count).ToArray();
        Array.Sort(sorted);
        return new SortedValues(sorted);
    }

    public void Write(BinaryWriter state)
    {
        state.Write(_sketch is null);
        if (_sketch is { } sketch)
        {
            sketch.Write(state);
        }
        else
        {
            state.WriteDoubles(_values.AsSpan(0, _count));
        }
    }

    public void Read(BinaryReader state)
    {
        if (state.ReadBoolean())
        {
            Keep(state.ReadDoubles(bound));
        }
        else
        {
            Sketch().Read(state);
        }
    }

    private void Keep(ReadOnlySpan<double> values)
    {
        if (_count + values.Length > _values.Length)
        {
            Array.Resize(ref _values, Math.Min(bound, Math.Max(_count + values.Length, _values.Length * 2)));
        }

        values.CopyTo(_values.AsSpan(_count));
        _count += values.Length;
    }

    private KllSketch Sketch()
    {
        if (_sketch is null)
        {
            _sketch = new KllSketch(sketchSize);
            _sketch.Add(_values.AsSpan(0, _count));
            _values = [];
        }

        return _sketch;
    }
}
