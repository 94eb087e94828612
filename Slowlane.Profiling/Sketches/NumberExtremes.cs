namespace Slowlane.Profiling.Sketches;

/// <summary>Counts zeros and negative numbers, and keeps the least and the greatest numbers with their counts.</summary>
internal sealed class NumberExtremes
{
    private readonly LeastNumbers _least = new();
    private readonly LeastNumbers _greatest = new(); // Negated.

    public long Zeros { get; private set; }

    public long Negatives { get; private set; }

    /// <summary>The least distinct numbers, ascending.</summary>
    public IEnumerable<(double Number, long Count)> Least => _least.All;

    /// <summary>The greatest distinct numbers, descending.</summary>
    public IEnumerable<(double Number, long Count)> Greatest => _greatest.All.Select(one => (-one.Number, one.Count));

    public void Add(ReadOnlySpan<double> block)
    {
        var (zeros, negatives) = (0, 0);
        foreach (var number in block)
        {
            zeros += number == 0 ? 1 : 0;
            negatives += number < 0 ? 1 : 0;
            if (number <= _least.Last)
            {
                _least.Add(number, 1);
            }

            if (-number <= _greatest.Last)
            {
                _greatest.Add(-number, 1);
            }
        }

        Zeros += zeros;
        Negatives += negatives;
    }

    public void Merge(NumberExtremes other)
    {
        _least.Merge(other._least);
        _greatest.Merge(other._greatest);
        Zeros += other.Zeros;
        Negatives += other.Negatives;
    }

    public void Write(BinaryWriter state)
    {
        _least.Write(state);
        _greatest.Write(state);
        state.Write7BitEncodedInt64(Zeros);
        state.Write7BitEncodedInt64(Negatives);
    }

    public void Read(BinaryReader state)
    {
        _least.Read(state);
        _greatest.Read(state);
        Zeros = state.ReadCount();
        Negatives = state.ReadCount();
    }
}
