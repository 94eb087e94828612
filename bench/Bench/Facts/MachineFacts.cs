using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using Slowlane.Bench.Hosts;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Facts;

/// <summary>What figures depend on: the day, the machine, and the version of everything.</summary>
internal static class MachineFacts
{
    private const double BytesPerGibibyte = 1 << 30;
    private const string AutogroupFile = "/proc/sys/kernel/sched_autogroup_enabled";

    /// <summary>Names and values, in the order in which they are shown.</summary>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
    [
        new("date", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
        new("commit", await CommitAsync(cancellationToken) ?? "unknown"),
        new("processor", FormattableString.Invariant($"{ProcFile.Field("/proc/cpuinfo", "model name") ?? "unknown"}, {Environment.ProcessorCount} cores")),
        new("memory", FormattableString.Invariant($"{ProcFile.Bytes("/proc/meminfo", "MemTotal") / BytesPerGibibyte:0.0} GiB")),
        new("others at the start", $"load {(await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0]}"),
        new("system", $"{Distribution}, Linux {Environment.OSVersion.Version.ToString(3)}{(Autogroups ? ", sched_autogroup on" : "")}"),
        new(".NET", RuntimeInformation.FrameworkDescription),
        new("Node", await ProgramOutput.ReadAsync("node", ["--version"], cancellationToken) ?? "-"),
        new("Azurite", Azurite()),
        new("PostgreSQL", await PostgresAsync(database, cancellationToken)),
    ];

    private static string Distribution => ProcFile.Field("/etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? "unknown";

    // sched(7): every session is a group with an equal share of the cores, and nice values count within it alone.
    private static bool Autogroups => File.Exists(AutogroupFile) && File.ReadAllText(AutogroupFile).Trim() is "1";

    // The commit that is checked out, and whether files differ from it; null outside a repository.
    private static async Task<string?> CommitAsync(CancellationToken cancellationToken)
    {
        var commit = await GitAsync("rev-parse", "--short=12", "HEAD");
        return string.IsNullOrEmpty(await GitAsync("status", "--porcelain")) ? commit : commit + " with changes";

        Task<string?> GitAsync(params string[] arguments) => ProgramOutput.ReadAsync("git", ["-C", ProjectFolder.Root, .. arguments], cancellationToken);
    }

    private static string Azurite()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(ProjectFolder.Location, "node_modules", "azurite", "package.json")));
        return package.RootElement.GetProperty("version").GetString()!;
    }

    // Its version, and those of its settings that figures hang on.
    private static Task<string> PostgresAsync(NpgsqlDataSource database, CancellationToken cancellationToken) => database.ValueAsync<string>(
        """
        select current_setting('server_version') || string_agg(', ' || name || ' ' || current_setting(name), '' order by position)
        from unnest(array['fsync', 'synchronous_commit', 'shared_buffers', 'work_mem']) with ordinality as setting (name, position)
        """,
        cancellationToken);
}
