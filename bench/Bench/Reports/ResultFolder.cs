using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Reports;

/// <summary>Where a bench leaves its findings.</summary>
internal static class ResultFolder
{
    /// <summary>The folder, which is there then; null for nowhere, as the short form has no figures and writes only where it is told to.</summary>
    /// <param name="given">What <c>--out</c> says; null for <c>bench/results</c>.</param>
    /// <param name="isShort">Whether this is the short form.</param>
    public static string? Create(string? given, bool isShort)
        => isShort && given is null ? null : Directory.CreateDirectory(given ?? Path.Combine(ProjectFolder.Root, "bench", "results")).FullName;
}
