using System.Globalization;

namespace Slowlane.Profiling.Columns;

/// <summary>A width of bins of times: a number of microseconds or of months.</summary>
/// <param name="Count">The number of units.</param>
/// <param name="Unit">The unit's name.</param>
/// <param name="Microseconds">The length of a unit. 0 if it is counted in months.</param>
/// <param name="Months">The months of a unit. 0 if its length is fixed.</param>
internal sealed record TimeStep(long Count, string Unit, long Microseconds, long Months)
{
    private const long Day = 86_400_000_000;
    private const long Monday = 2 * Day; // 2000-01-03.

    private static readonly TimeStep[] Clock =
    [
        .. Of("microsecond", 1, 1, 2, 5, 10, 20, 50, 100, 200, 500),
        .. Of("millisecond", 1_000, 1, 2, 5, 10, 20, 50, 100, 200, 500),
        .. Of("second", 1_000_000, 1, 2, 5, 10, 15, 30),
        .. Of("minute", 60_000_000, 1, 2, 5, 10, 15, 30),
        .. Of("hour", 3_600_000_000, 1, 2, 3, 6, 12),
    ];

    private static readonly TimeStep[] Days = [.. Of("day", Day, 1, 2), .. Of("week", 7 * Day, 1, 2)];

    private static readonly TimeStep[] Calendar =
    [
        .. new long[] { 1, 2, 3, 6 }.Select(count => new TimeStep(count, "month", 0, 1)),
        .. Decades.Select(count => new TimeStep(count, "year", 0, 12)),
    ];

    private static readonly TimeStep[] ManyDays = [.. Decades.Where(count => count <= long.MaxValue / Day).Select(count => new TimeStep(count, "day", Day, 0))];

    private static IEnumerable<long> Decades => Enumerable.Range(0, 9).SelectMany(power => new[] { 1L, 2, 5 }.Select(count => count * (long)Math.Pow(10, power)));

    /// <summary>Whether a bin of the step is one day.</summary>
    public bool IsOneDay => Count * Microseconds == Day;

    /// <summary>The steps of a type, ascending.</summary>
    public static IEnumerable<TimeStep> For(ValueLayout layout) => layout switch
    {
        ValueLayout.Date => Days.Concat(Calendar),
        ValueLayout.Time => Clock,
        ValueLayout.Interval => Clock.Concat(ManyDays),
        _ => Clock.Concat(Days).Concat(Calendar),
    };

    /// <summary>The number of the bin that a time is in. Weeks begin on Mondays.</summary>
    public long IndexOf(long microseconds)
        => Months > 0 ? CivilDate.Floor(CivilDate.FromDays(CivilDate.Floor(microseconds, Day)).MonthIndex, Count * Months) : CivilDate.Floor(microseconds - Offset, Count * Microseconds);

    /// <summary>The beginning of a bin. It may lie beyond what 64 bits hold.</summary>
    public Int128 StartOf(long index)
        => Months > 0 ? (Int128)CivilDate.DaysTo(index * Count * Months) * Day : ((Int128)index * Count * Microseconds) + Offset;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} {Unit}{(Count == 1 ? "" : "s")}");

    private long Offset => Microseconds == 7 * Day ? Monday : 0;

    private static IEnumerable<TimeStep> Of(string unit, long microseconds, params long[] counts) => counts.Select(count => new TimeStep(count, unit, microseconds, 0));
}
