using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Drift;

/// <summary>How many of sorted values lie below a number.</summary>
internal sealed class Ranks
{
    private readonly double[] _values;
    private readonly long[] _before; // The weights of the values before each place, and of all at the end.

    public Ranks(SortedValues sorted)
    {
        _values = sorted.Values;
        _before = new long[_values.Length + 1];
        for (var i = 0; i < _values.Length; i++)
        {
            _before[i + 1] = _before[i] + sorted.Weights[i];
        }
    }

    public long All => _before[^1];

    /// <summary>The number of values below a number.</summary>
    public long Below(double number) => _before[Place(value => value < number)];

    /// <summary>The number of values up to a number, itself included.</summary>
    public long UpTo(double number) => _before[Place(value => value <= number)];

    private int Place(Func<double, bool> isBefore)
    {
        var (from, to) = (0, _values.Length);
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            (from, to) = isBefore(_values[middle]) ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}
