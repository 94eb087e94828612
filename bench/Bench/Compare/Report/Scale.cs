using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Compare.Report;

/// <summary>Where a value lies on an axis, from 0 to 1.</summary>
internal sealed class Scale
{
    private readonly bool _isLogarithmic;
    private readonly double _from;
    private readonly double _to;

    private Scale(bool isLogarithmic, double from, double to)
    {
        _isLogarithmic = isLogarithmic;
        _from = from;
        _to = to;
    }

    /// <summary>From 0 to a little over the greatest; or by decades, where each step is ten times the one before.</summary>
    public static Scale Of(IEnumerable<Spread> spreads, bool isLogarithmic)
    {
        Spread[] all = [.. spreads];
        double[] positive = [.. all.SelectMany(spread => (double[])[spread.Least, spread.Greatest]).Where(value => value > 0)];
        if (positive.Length == 0)
        {
            return new Scale(isLogarithmic: false, 0, 1);
        }

        return isLogarithmic
            ? new Scale(isLogarithmic, Math.Floor(Math.Log10(positive.Min())), Math.Floor(Math.Log10(positive.Max())) + 1)
            : new Scale(isLogarithmic, 0, positive.Max() * 1.05);
    }

    public double At(double value) => value <= 0 ? 0 : Math.Clamp(((_isLogarithmic ? Math.Log10(value) : value) - _from) / (_to - _from), 0, 1);

    /// <summary>Values to mark on the axis.</summary>
    public IReadOnlyList<double> Marks()
    {
        if (_isLogarithmic)
        {
            return [.. Enumerable.Range((int)_from, (int)(_to - _from) + 1).Select(power => Math.Pow(10, power))];
        }

        var rough = _to / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch
        {
            < 2 => 1,
            < 5 => 2,
            _ => 5,
        };
        return [.. Enumerable.Range(0, (int)(_to / step) + 1).Select(mark => mark * step)];
    }
}
