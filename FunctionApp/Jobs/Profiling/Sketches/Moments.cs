using System.Runtime.InteropServices;

namespace Slowlane.Jobs.Profiling.Sketches;

/// <summary>Mean and standard deviation of a stream of numbers.</summary>
/// <remarks>
/// Two passes over each block, then Chan, Golub, LeVeque: <i>Updating formulae and a pairwise algorithm for computing
/// sample variances</i> (1979). As exact as two passes over everything, to a few units in the last place.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct Moments
{
    private long _count;
    private double _mean;
    private double _squares; // Sum of squared distances from the mean.

    /// <summary>Null without values, or when a sum lies beyond double.</summary>
    public readonly double? Mean => _count > 0 && double.IsFinite(_mean) ? _mean : null;

    /// <summary>Of the sample, with n − 1, as <c>stddev_samp</c>; null below two values.</summary>
    public readonly double? StandardDeviation
        => _count > 1 && Math.Sqrt(_squares / (_count - 1)) is var value && double.IsFinite(value) ? value : null;

    public void Add(ReadOnlySpan<double> block)
    {
        if (block.IsEmpty)
        {
            return;
        }

        var sum = 0.0;
        foreach (var value in block)
        {
            sum += value;
        }

        var mean = double.IsFinite(sum) ? sum / block.Length : MeanOfHuge(block);
        var squares = 0.0;
        foreach (var value in block)
        {
            squares += (value - mean) * (value - mean);
        }

        Merge(new Moments { _count = block.Length, _mean = mean, _squares = squares });
    }

    public void Merge(Moments other)
    {
        if (_count == 0 || other._count == 0)
        {
            this = _count == 0 ? other : this;
            return;
        }

        var count = _count + other._count;
        var distance = other._mean - _mean;
        var share = (double)other._count / count;
        _squares += other._squares + (distance * distance * _count * share);
        _mean += distance * share;
        _count = count;
    }

    private static double MeanOfHuge(ReadOnlySpan<double> block)
    {
        var mean = 0.0;
        foreach (var value in block)
        {
            mean += value / block.Length;
        }

        return mean;
    }
}
