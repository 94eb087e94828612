using System.Text.Json;
using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Profile;

/// <summary>Writes the findings, for readers and for programs.</summary>
internal static class Files
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The files written. The short form has no figures, so it writes only where it is told to.</summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(Findings findings, CancellationToken cancellationToken)
    {
        if (ResultFolder.Create(findings.Options.Out, findings.Options.Short) is not { } folder)
        {
            return [];
        }

        string[] files = [Path.Combine(folder, "profile.md"), Path.Combine(folder, "profile.json")];
        await File.WriteAllTextAsync(files[0], MarkdownReport.Write(findings), cancellationToken);
        var machine = findings.Machine.ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal);
        await File.WriteAllTextAsync(files[1], JsonSerializer.Serialize(new { Machine = machine, findings.Readings, findings.Notes, findings.Differences }, Json) + "\n", cancellationToken);
        return files;
    }
}
