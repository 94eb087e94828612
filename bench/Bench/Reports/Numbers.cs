using System.Globalization;
using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Reports;

/// <summary>Numbers as readers want them: three digits that count, and not more.</summary>
internal static class Numbers
{
    public static string Text(double value)
    {
        var digits = value == 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 2);
        return Math.Round(value, digits, MidpointRounding.AwayFromZero).ToString("#,0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>The median, and between which values it lies when they differ.</summary>
    public static string Text(Spread spread)
    {
        var (median, least, greatest) = (Text(spread.Median), Text(spread.Least), Text(spread.Greatest));
        return string.Equals(least, greatest, StringComparison.Ordinal) ? median : $"{median} ({least}..{greatest})";
    }
}
