using Slowlane.Profiling.Counts;

namespace Slowlane.Profiling.Columns;

/// <summary>Describes the most frequent values of a column.</summary>
internal static class Frequent
{
    public static TopFigures Of(ValueCounts counts, int most, Func<FrequentValue, (string Text, bool Shortened)> show)
    {
        var (exact, values) = counts.Top(most);
        return new TopFigures(exact, exact ? "counters" : "frequent-items", counts.Error, [.. values.Select(value => Of(value, exact, show(value)))]);
    }

    private static TopValue Of(FrequentValue value, bool exact, (string Text, bool Shortened) shown)
        => new(shown.Text, value.Count, shown.Shortened) { CountError = exact ? null : value.Error, Certain = exact || value.Certain ? null : false };
}
