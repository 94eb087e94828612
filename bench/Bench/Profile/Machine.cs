using System.Runtime.InteropServices;
using Npgsql;
using Slowlane.Bench.Facts;

namespace Slowlane.Bench.Profile;

/// <summary>What the figures depend on.</summary>
internal static class Machine
{
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(NpgsqlDataSource database, string? pandas, CancellationToken cancellationToken) =>
    [
        new("date", MachineFacts.Date),
        new("commit", await Versions.CommitAsync(withUntracked: false, cancellationToken) ?? ""),
        new("processor", MachineFacts.Processor),
        new("memory", MachineFacts.Memory),
        new("others at the start", $"load {(await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0]}"),
        new("system", MachineFacts.SystemName),
        new(".NET", RuntimeInformation.FrameworkDescription),
        new("PostgreSQL", await Versions.PostgresAsync(database, ["shared_buffers", "work_mem"], cancellationToken)),
        new("pandas", pandas ?? "absent"),
    ];
}
