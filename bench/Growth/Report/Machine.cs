using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Slowlane.LocalHost.Services;

namespace Slowlane.Growth.Report;

/// <summary>What the figures depend on.</summary>
internal static class Machine
{
    public static async Task<IReadOnlyList<string>> ReadAsync(Sql sql, CancellationToken cancellationToken)
    {
        var changes = await SaysAsync("git", "-C", ProjectFolder.Root, "status", "--porcelain");
        return
        [
            $"date: {TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}",
            $"commit: {await SaysAsync("git", "-C", ProjectFolder.Root, "rev-parse", "--short=12", "HEAD")}{(changes.Length == 0 ? "" : " with changes")}",
            FormattableString.Invariant($"processor: {Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, memory {Field("/proc/meminfo", "MemTotal")}"),
            $"system: {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, Node {await SaysAsync("node", "--version")}, Azurite {AzuriteVersion()}",
            "PostgreSQL: " + await sql.ValueAsync<string>(
                "select string_agg(name || ' ' || current_setting(name), ', ') from unnest('{server_version,fsync,synchronous_commit,shared_buffers}'::text[]) as name", cancellationToken),
        ];
    }

    private static string AzuriteVersion()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(ProjectFolder.Location, "node_modules", "azurite", "package.json")));
        return package.RootElement.GetProperty("version").GetString()!;
    }

    private static string Field(string file, string name)
        => File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown" : "unknown";

    private static async Task<string> SaysAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Trim();
    }
}
