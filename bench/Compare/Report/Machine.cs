using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using Slowlane.Compare.Load;
using Slowlane.Compare.Plan;
using Slowlane.Compare.Processes;
using Slowlane.LocalHost.Services;

namespace Slowlane.Compare.Report;

/// <summary>What the figures depend on: the machine, and the version of everything.</summary>
/// <param name="Facts">Names and values, in the order in which they are shown.</param>
internal sealed record Machine(IReadOnlyList<KeyValuePair<string, string>> Facts)
{
    public static async Task<Machine> ReadAsync(Stage stage, CancellationToken cancellationToken)
    {
        var git = ProjectFolder.Root;
        var commit = await Installed.SaysAsync("git", "-C", git, "rev-parse", "--short=12", "HEAD");
        var changes = await Installed.SaysAsync("git", "-C", git, "status", "--porcelain");
        return new Machine(
        [
            new("date", TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture)),
            new("commit", (commit ?? "unknown") + (string.IsNullOrEmpty(changes) ? "" : " with changes")),
            new("processor", FormattableString.Invariant($"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores")),
            new("memory", FormattableString.Invariant($"{long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) / 1048576.0:0.0} GiB")),
            new("system", $"{Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"')}, Linux {Environment.OSVersion.Version.ToString(3)}"),
            new(".NET", RuntimeInformation.FrameworkDescription),
            new("Node", await Installed.SaysAsync("node", "--version") ?? "-"),
            new("Azurite", AzuriteVersion()),
            new("PostgreSQL", await PostgresAsync(stage.Server, cancellationToken)),
            .. await PeersAsync(),
        ]);
    }

    /// <summary>With what is known only after the driver has run.</summary>
    public Machine After() => new([.. Facts, new("driver", $"a thread at {Driver.Priority}")]);

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>> PeersAsync()
    {
        string[] names = [.. Variants.All.SelectMany(variant => variant.Modules.Keys).Append("uvloop").Distinct(StringComparer.Ordinal)];
        var script = $$"""
            import importlib.metadata as m, platform
            print('Python ' + platform.python_version())
            for n in '{{string.Join(' ', names)}}'.split():
                try: print(n, m.version(n))
                except m.PackageNotFoundError: pass
            """;
        var python = await Installed.SaysAsync(Variants.Python, "-c", script);
        var redis = await Installed.SaysAsync("redis-server", "--version");
        return
        [
            .. python is null ? [] : (KeyValuePair<string, string>[])[new("Python", string.Join(", ", python.Split('\n')).Replace("Python ", "", StringComparison.Ordinal))],
            .. redis is null ? [] : (KeyValuePair<string, string>[])[new("Redis", redis.Split(' ').FirstOrDefault(word => word.StartsWith("v=", StringComparison.Ordinal))?[2..] ?? redis)],
        ];
    }

    private static async Task<string> PostgresAsync(string server, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(server + ";Pooling=false");
        await using var command = source.CreateCommand(
            "select current_setting('server_version') || ', fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')");
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string AzuriteVersion()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(ProjectFolder.Location, "node_modules", "azurite", "package.json")));
        return package.RootElement.GetProperty("version").GetString()!;
    }

    private static string Field(string file, string name, char separator = ':')
        => File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim() ?? "unknown";
}
