using System.Text;

namespace Slowlane.Bench.Growth.Report;

/// <summary>The plans as text, a call after the other, each at every level.</summary>
internal static class PlanText
{
    public static string Write(IEnumerable<Cell> cells)
    {
        var text = new StringBuilder();
        foreach (var call in cells.Where(cell => cell.Plans.Count > 0).GroupBy(cell => cell.Name, StringComparer.Ordinal))
        {
            text.AppendLine(FormattableString.Invariant($"=== {call.Key}")).AppendLine();
            foreach (var sql in call.First().Plans.Select(plan => plan.Sql).Distinct(StringComparer.Ordinal))
            {
                text.AppendLine(sql.ReplaceLineEndings("\n")).AppendLine();
            }

            foreach (var cell in call)
            {
                text.AppendLine(FormattableString.Invariant($"--- {cell.Level}: {cell.Pages:N0} pages"));

                // A foreign key asks the same for each row.
                foreach (var (plan, times) in cell.Plans.GroupBy(plan => plan.Sql, StringComparer.Ordinal).Select(same => (same.First(), same.Count())))
                {
                    text.AppendJoin('\n', plan.Nodes).AppendLine(times == 1 ? "" : FormattableString.Invariant($"   (as one of {times})"));
                }

                text.AppendLine();
            }
        }

        return text.ToString();
    }
}
