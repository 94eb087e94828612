using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Columns;

/// <summary>A date of the proleptic Gregorian calendar in any year. .NET's types cover only the years 1 to 9999.</summary>
/// <remarks>After Howard Hinnant, "chrono-compatible low-level date algorithms" (civil_from_days, days_from_civil).</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CivilDate(long Year, long Month, long Day)
{
    private const long DaysTo2000 = 730_425; // From 0000-03-01 to 2000-01-01.

    /// <summary>The months since January of the year 0.</summary>
    public long MonthIndex => (Year * 12) + Month - 1;

    /// <summary>The date that is so many days after 2000-01-01.</summary>
    public static CivilDate FromDays(long days)
    {
        days += DaysTo2000;
        var era = (days >= 0 ? days : days - 146_096) / 146_097;
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var month = shifted < 10 ? shifted + 3 : shifted - 9;
        return new(yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, dayOfYear - (((153 * shifted) + 2) / 5) + 1);
    }

    /// <summary>The days from 2000-01-01 to the first day of a month.</summary>
    public static long DaysTo(long monthIndex)
    {
        var year = Floor(monthIndex, 12);
        var month = monthIndex - (year * 12) + 1;
        year -= month <= 2 ? 1 : 0;
        var era = Floor(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - DaysTo2000;
    }

    /// <summary>The quotient, rounded down.</summary>
    public static long Floor(long dividend, long divisor)
    {
        var (quotient, rest) = Math.DivRem(dividend, divisor);
        return rest < 0 ? quotient - 1 : quotient;
    }
}
