using System.Runtime.InteropServices;
using Npgsql;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Growth.Report;

/// <summary>What the figures depend on.</summary>
internal static class Machine
{
    public static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
    [
        $"date: {MachineFacts.Date}",
        $"commit: {await Versions.CommitAsync(withUntracked: true, cancellationToken)}",
        $"processor: {MachineFacts.Processor}, memory {MachineFacts.TotalMemory}",
        $"system: {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, Node {await Versions.NodeAsync(cancellationToken)}, Azurite {Versions.Azurite()}",
        $"PostgreSQL: server_version {await Versions.PostgresAsync(database, ["fsync", "synchronous_commit", "shared_buffers"], cancellationToken)}",
    ];
}
