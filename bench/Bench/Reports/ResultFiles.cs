using System.Text.Json;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Reports;

/// <summary>What a bench leaves behind.</summary>
internal static class ResultFiles
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes the files and prints where they are. The short form has no figures, so it writes only where it is told to.</summary>
    /// <param name="folder">What <c>--out</c> says; null for <c>bench/results</c>.</param>
    /// <param name="isShort">Whether this is the short form.</param>
    /// <param name="files">Their names and what is in them.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task WriteAsync(string? folder, bool isShort, IEnumerable<(string Name, string Text)> files, CancellationToken cancellationToken)
    {
        if (isShort && folder is null)
        {
            return;
        }

        var place = Directory.CreateDirectory(folder ?? Path.Combine(ProjectFolder.Root, "bench", "results")).FullName;
        foreach (var (name, text) in files)
        {
            var file = Path.Combine(place, name);
            await File.WriteAllTextAsync(file, text.TrimEnd() + "\n", cancellationToken);
            Console.WriteLine(file);
        }
    }

    /// <summary>Findings for programs.</summary>
    public static string Json(object findings) => JsonSerializer.Serialize(findings, Options);
}
