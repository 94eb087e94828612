using System.Text.Json;

namespace Slowlane.Bench.Compare.Report;

/// <summary>The findings for programs: every reading of every run.</summary>
internal static class RawJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Write(Findings findings) => JsonSerializer.Serialize(
        new
        {
            findings.Options.Short,
            findings.Options.Runs,
            Machine = findings.Machine.Facts.ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal),
            Variants = findings.Variants.ToDictionary(variant => variant.Name, variant => variant.StandsFor, StringComparer.Ordinal),
            findings.LeftOut,
            findings.Failures,
            findings.Readings,
        },
        Options);
}
