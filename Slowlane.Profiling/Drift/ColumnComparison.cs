using Slowlane.Profiling.Columns;

namespace Slowlane.Profiling.Drift;

/// <summary>Compares a column with that of an earlier profile.</summary>
internal static class ColumnComparison
{
    /// <summary>The differences of a column that both profiles have.</summary>
    /// <param name="before">The column of the earlier profile.</param>
    /// <param name="after">The column of this profile.</param>
    /// <param name="layout">Its type.</param>
    /// <param name="values">Its values.</param>
    public static ColumnDrift Of(BaselineColumn before, ColumnProfile after, ValueLayout layout, ColumnAccumulator values)
    {
        var isSame = string.Equals(before.Type, after.Type, StringComparison.Ordinal);
        return Compared(before, after, layout, values, isSame) with
        {
            SchemaChange = isSame ? null : "type changed",
            Type = isSame ? null : new(before.Type, after.Type),
            NullShare = new(Share(before.Nulls, before.Count), Share(after.Nulls, after.Count)),
            Distinct = new(new(before.Distinct, before.DistinctExact), new(after.Distinct.Value, after.Distinct.Exact)),
        };
    }

    private static ColumnDrift Compared(BaselineColumn before, ColumnProfile after, ValueLayout layout, ColumnAccumulator values, bool isSame)
    {
        var head = new ColumnDrift { Name = after.Name };
        if (before.Count == 0 || after.Count == 0)
        {
            return head with { NotCompared = $"{(before.Count == 0 ? "the baseline" : "this profile")} has no values of the column" };
        }

        return BaselineFigures.Of(before) switch
        {
            null => head with { NotCompared = "the baseline has figures of a format that this version does not know" },
            var figures when values.Sorted() is { } sorted => OfNumbers(head, BaselineDistribution.Of(figures, layout, isSame), new Ranks(sorted), sorted.RankError, sorted.BinError),
            { Booleans: { } booleans } when after.Booleans is { } now => OfCounts(head, [booleans.True, booleans.False], [now.True, now.False], new (double, double)[2]),
            _ when layout == ValueLayout.Bytes => head with { NotCompared = "values of this type are not kept" },
            { Top: { Exact: true, Values: { Count: > 0 } top } } => OfTop(head, top, before.Count, after.Count, values),
            { Top.Exact: false } => head with { NotCompared = "the baseline estimates the most frequent values" },
            _ => head with { NotCompared = "the baseline has no figures of the distribution" },
        };
    }

    private static ColumnDrift OfNumbers(ColumnDrift head, BaselineDistribution? before, Ranks after, double rankError, double binError)
    {
        if (before is null)
        {
            return head with { NotCompared = "the baseline has no histogram of values of this type" };
        }

        var counts = before.Before;
        return OfCounts(head, counts, before.After(after), [.. counts.Select((_, i) => (i == 0 || i == counts.Length - 1 ? 0 : before.BinError, binError))]) with
        {
            Ks = KolmogorovSmirnov.Of(before.Knots, after, before.RankError + rankError, before.Discrete),
        };
    }

    // A shortened value is known by its beginning only, so it counts among the others.
    private static ColumnDrift OfTop(ColumnDrift head, IReadOnlyList<BaselineValue> top, long before, long after, ColumnAccumulator values)
    {
        var known = new List<(long Before, long After, long Error)>();
        foreach (var value in top)
        {
            if (!value.Shortened && value.Value is { } text && values.CountOf(text) is { } found)
            {
                known.Add((value.Count, found.Count, found.Error));
            }
        }

        if (known.Count == 0)
        {
            return head with { NotCompared = "the baseline's most frequent values are too long, or of another type" };
        }

        return OfCounts(
            head,
            [.. known.Select(value => value.Before), before - known.Sum(value => value.Before)],
            [.. known.Select(value => value.After), after - known.Sum(value => value.After)],
            [.. known.Select(value => (0.0, (double)value.Error / after)), (0, (double)known.Sum(value => value.Error) / after)]);
    }

    private static ColumnDrift OfCounts(ColumnDrift head, IReadOnlyList<long> before, IReadOnlyList<long> after, IReadOnlyList<(double Before, double After)> errors)
        => StabilityIndex.Of(before, after, errors) is not { } index ? head with { NotCompared = "one of the profiles has no finite values of the column" } : head with
        {
            Psi = index.Value,
            PsiError = index.Error > 0 ? index.Error : null,
            Counts = new(before, after),
        };

    private static double Share(long nulls, long values) => nulls == 0 ? 0 : (double)nulls / (nulls + values);
}
