using System.Runtime.InteropServices;
using Npgsql;
using Slowlane.Bench.Compare.Load;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Processes;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Compare.Report;

/// <summary>What the figures depend on: the machine, and the version of everything.</summary>
/// <param name="Facts">Names and values, in the order in which they are shown.</param>
internal sealed record Machine(IReadOnlyList<KeyValuePair<string, string>> Facts)
{
    public static async Task<Machine> ReadAsync(SharedServices services, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(services.Server + ";Pooling=false");
        return new Machine(
        [
            new("date", MachineFacts.Date),
            new("commit", await Versions.CommitAsync(withUntracked: true, cancellationToken) ?? "unknown"),
            new("processor", MachineFacts.Processor),
            new("memory", MachineFacts.Memory),
            new("system", MachineFacts.SystemName),
            new(".NET", RuntimeInformation.FrameworkDescription),
            new("Node", await Versions.NodeAsync(cancellationToken) ?? "-"),
            new("Azurite", Versions.Azurite()),
            new("PostgreSQL", await Versions.PostgresAsync(database, ["fsync", "synchronous_commit"], cancellationToken)),
            .. await PeersAsync(cancellationToken),
        ]);
    }

    /// <summary>With what is known only after the driver has run.</summary>
    public Machine After() => new([.. Facts, new("driver", $"a thread at {Driver.Priority}")]);

    private static async Task<IReadOnlyList<KeyValuePair<string, string>>> PeersAsync(CancellationToken cancellationToken)
    {
        string[] names = [.. Variants.All.SelectMany(variant => variant.Modules.Keys).Append("uvloop").Distinct(StringComparer.Ordinal)];
        var script = $$"""
            import importlib.metadata as m, platform
            print('Python ' + platform.python_version())
            for n in '{{string.Join(' ', names)}}'.split():
                try: print(n, m.version(n))
                except m.PackageNotFoundError: pass
            """;
        var python = await ProgramOutput.ReadAsync(Variants.Python, ["-c", script], cancellationToken);
        var redis = await ProgramOutput.ReadAsync("redis-server", ["--version"], cancellationToken);
        return
        [
            .. python is null ? [] : (KeyValuePair<string, string>[])[new("Python", string.Join(", ", python.Split('\n')).Replace("Python ", "", StringComparison.Ordinal))],
            .. redis is null ? [] : (KeyValuePair<string, string>[])[new("Redis", redis.Split(' ').FirstOrDefault(word => word.StartsWith("v=", StringComparison.Ordinal))?[2..] ?? redis)],
        ];
    }
}
