using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;
using Slowlane.LocalHost.Services;

namespace Slowlane.ProfileBench.Report;

/// <summary>What the figures depend on.</summary>
internal static class Machine
{
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(NpgsqlDataSource database, string? pandas, CancellationToken cancellationToken)
    {
        await using var version = database.CreateCommand("select current_setting('server_version') || ', shared_buffers ' || current_setting('shared_buffers') || ', work_mem ' || current_setting('work_mem')");
        var load = (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0];
        var changes = await GitAsync(["status", "--porcelain", "--untracked-files=no"], cancellationToken);
        return
        [
            new("date", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            new("commit", await GitAsync(["rev-parse", "--short=12", "HEAD"], cancellationToken) + (changes.Length > 0 ? " with changes" : "")),
            new("processor", FormattableString.Invariant($"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores")),
            new("memory", FormattableString.Invariant($"{double.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1048576:F1} GiB")),
            new("others at the start", FormattableString.Invariant($"load {load}")),
            new("system", $"{Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"')}, Linux {Environment.OSVersion.Version.ToString(3)}"),
            new(".NET", RuntimeInformation.FrameworkDescription),
            new("PostgreSQL", (string)(await version.ExecuteScalarAsync(cancellationToken))!),
            new("pandas", pandas ?? "absent"),
        ];
    }

    private static string Field(string file, string name, char separator = ':')
        => File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim() ?? "unknown";

    private static async Task<string> GitAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", ProjectFolder.Root, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await git.StandardOutput.ReadToEndAsync(cancellationToken);
        await git.WaitForExitAsync(cancellationToken);
        return output.Trim();
    }
}
