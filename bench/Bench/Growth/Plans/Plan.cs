using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slowlane.Bench.Growth.Plans;

/// <summary>A table that was read from end to end, and how many rows that were.</summary>
internal sealed record Scan(string Table, double Rows);

/// <summary>How PostgreSQL ran a statement: what is needed of <c>explain (analyze, buffers)</c> in JSON.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="Nodes">The plan, a line a node.</param>
/// <param name="Buffers">Pages touched, in memory or not.</param>
/// <param name="Scans">What was read from end to end.</param>
internal sealed record Plan(string Sql, IReadOnlyList<string> Nodes, long Buffers, IReadOnlyList<Scan> Scans)
{
    private static readonly string[] Conditions = ["Index Cond", "Recheck Cond", "Filter", "Join Filter", "Hash Cond", "Sort Key"];

    public static Plan Of(JsonElement explained)
    {
        var (nodes, scanned, apart) = (new List<string>(), new List<Scan>(), 0L);
        var root = explained.GetProperty("Plan");
        Visit(root, 0);
        return new Plan(explained.GetProperty("Query Text").GetString()!, nodes, BuffersOf(root) + apart, scanned);

        void Visit(JsonElement node, int depth)
        {
            nodes.Add(Line(node, depth));
            if (Text(node, "Node Type") is "Seq Scan")
            {
                scanned.Add(new Scan($"{Text(node, "Schema")}.{Text(node, "Relation Name")}", (Number(node, "Actual Rows") + Number(node, "Rows Removed by Filter")) * Number(node, "Actual Loops")));
            }

            // What a branch changes may run after the statement itself, and then is not part of its count.
            apart += Text(node, "Subplan Name").StartsWith("CTE", StringComparison.Ordinal) && Text(node, "Node Type") is "ModifyTable" ? BuffersOf(node) : 0;
            if (node.TryGetProperty("Plans", out var inner))
            {
                foreach (var child in inner.EnumerateArray())
                {
                    Visit(child, depth + 1);
                }
            }
        }
    }

    private static string Line(JsonElement node, int depth)
    {
        var line = new StringBuilder().Append(' ', depth * 2);
        line.Append(Text(node, "Subplan Name") is { Length: > 0 } name ? $"[{name}] " : "");
        line.Append(Text(node, "Operation") is { Length: > 0 } operation ? operation : Text(node, "Node Type"));
        line.Append(Text(node, "Index Name") is { Length: > 0 } index ? $" using {index}" : "");
        line.Append(Text(node, "Relation Name") is { Length: > 0 } table ? $" on {table}" : "");
        line.Append(CultureInfo.InvariantCulture, $"  (rows={Number(node, "Actual Rows")} loops={Number(node, "Actual Loops")} buffers={BuffersOf(node)}");
        line.Append(Number(node, "Rows Removed by Filter") is > 0 and var removed ? string.Create(CultureInfo.InvariantCulture, $" removed={removed}") : "").Append(')');
        foreach (var condition in Conditions.Where(condition => node.TryGetProperty(condition, out _)))
        {
            line.Append(CultureInfo.InvariantCulture, $"  {condition}: {node.GetProperty(condition)}");
        }

        return line.ToString();
    }

    private static long BuffersOf(JsonElement node) => (long)(Number(node, "Shared Hit Blocks") + Number(node, "Shared Read Blocks"));

    private static string Text(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static double Number(JsonElement node, string name) => node.TryGetProperty(name, out var value) ? value.GetDouble() : 0;
}
