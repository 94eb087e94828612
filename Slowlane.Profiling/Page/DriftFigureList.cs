using Slowlane.Profiling.Drift;

namespace Slowlane.Profiling.Page;

/// <summary>The figures that compare a column with that of an earlier profile, each with its name.</summary>
internal static class DriftFigureList
{
    public static IEnumerable<(string Name, string Value)> Of(ColumnDrift? drift)
    {
        if (drift is null)
        {
            return [];
        }

        (string Name, string? Value)[] figures =
        [
            ("earlier type", drift.Type is { } type ? Html.Data(type.Before, ColumnFigureList.MaxText) : null),
            ("earlier nulls", drift.NullShare is { } nulls ? Html.Percent(nulls.Before) : null),
            ("earlier distinct", drift.Distinct is { } distinct ? (distinct.Before.Exact ? "" : "≈ ") + Html.Number(distinct.Before.Value) : null),
            ("stability index", drift.Psi is { } psi ? Html.Number(psi) + (drift.PsiError is { } error ? $" ± {Html.Number(error)}" : "") : null),
            ("distance (KS)", drift.Ks is { } ks ? $"{Html.Number(Math.Max(0, ks.Value - ks.RankError))} to {Html.Number(Math.Min(1, ks.Value + ks.Error))}" : null),
            ("not compared", drift.NotCompared is { } reason ? Html.Text(reason) : null),
        ];
        return figures.Where(figure => figure.Value is not null).Select(figure => (figure.Name, figure.Value!));
    }
}
