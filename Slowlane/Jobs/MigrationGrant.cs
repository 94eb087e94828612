using System.Text.RegularExpressions;

namespace Slowlane.Jobs;

/// <summary>A right to a table that a script grants to the role of jobs' SQL.</summary>
/// <param name="Table">The table, as the script names it.</param>
/// <param name="Right">The right, as <c>insert</c>.</param>
/// <param name="Statement">The script's statement.</param>
internal sealed partial record MigrationGrant(string Table, string Right, string Statement)
{
    /// <summary>The grants of a script. What it grants by dynamic SQL, or on other objects than tables, is not among them.</summary>
    public static IEnumerable<MigrationGrant> In(string script)
        => from statement in Pattern().Matches(script)
           from table in Parts(statement.Groups["tables"].Value)
           from right in Parts(statement.Groups["rights"].Value)
           select new MigrationGrant(table, right, statement.Value);

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.TrimEntries);

    [GeneratedRegex($@"(?<=^\s*)grant\s+(?<rights>(select|insert|update|delete)(\s*,\s*(select|insert|update|delete))*)\s+on\s+(table\s+)?(?<tables>[\w$.""]+(\s*,\s*[\w$.""]+)*)\s+to\s+{JobRole.Name}\s*;", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
