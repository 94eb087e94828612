namespace Slowlane.Profiling.Sources;

/// <summary>Finds names that are similar to a misspelled one.</summary>
internal static class SimilarNames
{
    private const int MaxNames = 5;

    /// <summary>
    /// The known names whose edit distance is at most a third of the given name's length, nearest first. The schema is compared only if it is
    /// given.
    /// </summary>
    public static IReadOnlyList<string> Of(string wanted, IEnumerable<string> known)
        => [.. known
            .Select(name => (Name: name, Edits: Math.Min(Edits(wanted, name), Edits(wanted, name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]))))
            .Where(item => item.Edits <= Math.Max(1, wanted.Length / 3))
            .OrderBy(item => item.Edits)
            .ThenBy(item => item.Name, StringComparer.Ordinal)
            .Take(MaxNames)
            .Select(item => item.Name)];

    // Levenshtein distance, one row at a time, case-insensitive.
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
