using System.Globalization;
using Slowlane.Profiling.Columns;

namespace Slowlane.Profiling.Sources;

/// <summary>The statement that reads rows of a table. It consists of names that the server has quoted and of numbers.</summary>
internal static class TableSelect
{
    /// <summary>Selects the columns of the profile.</summary>
    /// <param name="source">The table, its columns and the conditions on its rows.</param>
    /// <param name="range">The blocks to read. Null for all.</param>
    /// <param name="limit">The maximum number of rows. Null for all.</param>
    public static string Of(ProfileSource source, BlockRange? range = null, int? limit = null) => Of(source, column => column.Expression, range, limit);

    /// <summary>Selects an expression of each column.</summary>
    /// <param name="source">The table, its columns and the conditions on its rows.</param>
    /// <param name="expression">The expression of a column.</param>
    /// <param name="range">The blocks to read. Null for all.</param>
    /// <param name="limit">The maximum number of rows. Null for all.</param>
    public static string Of(ProfileSource source, Func<SourceColumn, string> expression, BlockRange? range, int? limit)
    {
        var columns = string.Join(", ", source.Columns.Select(expression));
        List<string> conditions = [.. range is { } blocks ? [blocks.Condition] : (string[])[], .. source.Where.Select(condition => condition.Sql)];
        var where = conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";
        return $"select {columns} from {source.Table}{source.Sample?.Sql}{where}{(limit is { } rows ? string.Create(CultureInfo.InvariantCulture, $" limit {rows}") : "")}";
    }
}
