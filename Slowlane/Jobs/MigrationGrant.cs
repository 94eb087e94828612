using System.Text.RegularExpressions;

namespace Slowlane.Jobs;

/// <summary>A right to a table or a schema that scripts grant to the role of jobs' SQL.</summary>
/// <param name="Kind"><c>table</c> or <c>schema</c>.</param>
/// <param name="Schema">The schema of the table. Null if the script leaves it out.</param>
/// <param name="Name">The name, as the catalog has it.</param>
/// <param name="Right">The right, as <c>insert</c>.</param>
internal sealed partial record MigrationGrant(string Kind, string? Schema, string Name, string Right)
{
    /// <summary>What remains granted after these scripts. Grants in blocks of code, to several roles or of other rights are not among them.</summary>
    public static IReadOnlyList<MigrationGrant> In(IEnumerable<string> scripts)
    {
        var granted = new List<MigrationGrant>();
        foreach (var statement in scripts.SelectMany(script => Pattern().Matches(Hidden().Replace(script, " "))))
        {
            foreach (var grant in Of(statement))
            {
                granted.Remove(grant);
                if (statement.Groups["verb"].Value is ['g' or 'G', ..])
                {
                    granted.Add(grant);
                }
            }
        }

        return granted;
    }

    private static IEnumerable<MigrationGrant> Of(Match statement)
        => from name in Parts(statement.Groups["names"].Value)
           from right in Parts(statement.Groups["rights"].Value)
           let parts = Part().Matches(name).Select(part => part.Value is ['"', ..] quoted ? quoted[1..^1] : part.Value.ToLowerInvariant()).ToList()
           select statement.Groups["schema"].Success
               ? new MigrationGrant("schema", null, parts[^1], right.ToLowerInvariant())
               : new MigrationGrant("table", parts.Count > 1 ? parts[0] : null, parts[^1], right.ToLowerInvariant());

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"""[^""]+""|[\w$]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();

    // Comments, and bodies between dollar signs.
    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/|(?<tag>\$\w*\$).*?\k<tag>", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hidden();

    [GeneratedRegex($@"(?<=(^|;)\s*)(?<verb>grant|revoke)\s+((?<rights>usage)\s+on\s+(?<schema>schema)|(?<rights>(select|insert|update|delete)(\s*,\s*(select|insert|update|delete))*)\s+on(\s+table)?)\s+(?<names>[\w$."" ]+(,[\w$."" ]+)*?)\s+(to|from)\s+{JobRole.Name}\s*;", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
