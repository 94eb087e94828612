using System.Globalization;
using Slowlane.Profiling.Parts;

namespace Slowlane.Profiling.Sources;

/// <summary>The statement that reads rows of a table. It consists of names that the server has quoted and of numbers.</summary>
internal static class TableSelect
{
    /// <summary>Selects the columns of the profile.</summary>
    /// <param name="source">The table, its columns and the conditions on its rows.</param>
    /// <param name="range">The blocks to read. Null for all.</param>
    /// <param name="limit">The maximum number of rows. Null for all.</param>
    public static string Of(ProfileSource source, BlockRange? range = null, int? limit = null)
    {
        var columns = string.Join(", ", source.Columns.Select(column => column.Expression));
        List<string> conditions = [.. range is { } blocks ? [blocks.Condition] : (string[])[], .. source.Where.Select(condition => condition.Sql)];
        var where = conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";
        return string.Create(CultureInfo.InvariantCulture, $"select {columns} from {source.Table}{where}{(limit is { } rows ? string.Create(CultureInfo.InvariantCulture, $" limit {rows}") : "")}");
    }
}
