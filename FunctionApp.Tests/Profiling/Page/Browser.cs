using Slowlane.Tests.Infra;

namespace Slowlane.Tests.Profiling.Page;

/// <summary>Chromium, as far as this machine has it.</summary>
internal static class Browser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Its path. Null where there is none.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>The document after the browser has opened the file, as HTML, and what the browser logged of it.</summary>
    public static async Task<ToolRun> OpenAsync(string file, string folder)
        => await ToolRun.OfAsync(
            Path!,
            folder,
            new Dictionary<string, string>(StringComparer.Ordinal),
            "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={System.IO.Path.Combine(folder, "browser")}", "--enable-logging=stderr", "--dump-dom", new Uri(file).AbsoluteUri);
}
