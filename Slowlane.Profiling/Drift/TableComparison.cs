using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling.Drift;

/// <summary>Compares a profile with an earlier one of the same table.</summary>
internal static class TableComparison
{
    /// <summary>The comparison. Null if none was asked for.</summary>
    /// <param name="input">What was asked for.</param>
    /// <param name="source">The table and the earlier profile.</param>
    /// <param name="set">The values of the columns.</param>
    /// <param name="columns">The columns of this profile.</param>
    public static DriftReport? Of(ProfileInput input, ProfileSource source, ColumnSet set, IReadOnlyList<ColumnProfile> columns)
    {
        if (input.Baseline is null)
        {
            return null;
        }

        if (source.Baseline is not { } baseline)
        {
            return new() { Threshold = input.DriftThreshold, Reason = $"there is no earlier profile of {source.Table} with the same 'where', 'sample' and 'rowSecurity'" };
        }

        var compared = Columns(source, baseline, set, columns);
        string[] drifted = [.. compared.Where(column => column.SchemaChange is not null || column.Psi >= input.DriftThreshold).Select(column => column.Name)];
        return new()
        {
            Baseline = baseline.Id,
            FinishedAt = baseline.FinishedAt,
            RowCount = new(baseline.RowCount, set.Rows),
            Threshold = input.DriftThreshold,
            Drifted = drifted.Length > 0,
            DriftedColumns = drifted,
            Columns = compared,
        };
    }

    private static List<ColumnDrift> Columns(ProfileSource source, Baseline baseline, ColumnSet set, IReadOnlyList<ColumnProfile> columns)
    {
        var before = baseline.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        var compared = new List<ColumnDrift>();
        for (var i = 0; i < columns.Count; i++)
        {
            compared.Add(before.Remove(columns[i].Name, out var old)
                ? ColumnComparison.Of(old, columns[i], source.Columns[i].Layout, set.Accumulators[i])
                : New(columns[i].Name, baseline.OtherColumns));
        }

        compared.AddRange(baseline.Columns.Where(column => before.ContainsKey(column.Name)).Select(column => Gone(column.Name, source.OtherColumns)));
        return compared;
    }

    private static ColumnDrift New(string name, IReadOnlyList<string>? others) => others switch
    {
        null => new() { Name = name, NotCompared = "the baseline does not have it, and an older version wrote it: the column is new, or was left out" },
        _ when others.Contains(name, StringComparer.Ordinal) => new() { Name = name, NotCompared = "the baseline left it out" },
        _ => new() { Name = name, SchemaChange = "added" },
    };

    private static ColumnDrift Gone(string name, IReadOnlyList<string> others)
        => others.Contains(name, StringComparer.Ordinal) ? new() { Name = name, NotCompared = "this profile leaves it out" } : new() { Name = name, SchemaChange = "removed" };
}
