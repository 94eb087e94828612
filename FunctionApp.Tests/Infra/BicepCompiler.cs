using System.Diagnostics;
using System.Reflection;

namespace Slowlane.Tests.Infra;

/// <summary>What a run of the compiler came to.</summary>
/// <param name="ExitCode">0 unless there are errors.</param>
/// <param name="Output">What it compiled.</param>
/// <param name="Diagnostics">Its errors and warnings; empty when it has none.</param>
internal sealed record BicepRun(int ExitCode, string Output, string Diagnostics);

/// <summary>The Bicep compiler, from the package that the project downloads.</summary>
internal static class BicepCompiler
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly Lazy<string> Executable = new(Find);

    /// <summary>Its version, <c>BicepVersion</c> in Directory.Packages.props.</summary>
    public static string Version => Metadata("BicepVersion");

    /// <summary>Runs a command, such as <c>build main.bicep --stdout</c>.</summary>
    /// <exception cref="TimeoutException">The compiler does not end.</exception>
    public static async Task<BicepRun> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable.Value, arguments) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var diagnostics = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill();
            throw new TimeoutException($"'bicep {string.Join(' ', arguments)}' has not ended after {Longest}.", late);
        }

        return new BicepRun(process.ExitCode, await output, (await diagnostics).Trim());
    }

    private static string Find()
    {
        var path = Metadata("BicepPath");
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var mode && !mode.HasFlag(UnixFileMode.UserExecute))
        {
            File.SetUnixFileMode(path, mode | UnixFileMode.UserExecute); // Not every unpacker of packages keeps it.
        }

        return path;
    }

    private static string Metadata(string key)
        => typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => string.Equals(data.Key, key, StringComparison.Ordinal)).Value!;
}
