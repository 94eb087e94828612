using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>A server that answers and takes no writes.</summary>
[Collection(nameof(OwnServers))]
public sealed class DatabaseHealthTests(OwnServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_OfAStandby_SaysThatReadingWorksUntilItIsPromoted()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        await using (await servers.StopDatabaseAsync("-INT"))
        {
            var signal = Path.Combine(servers.DataFolder, "standby.signal");
            await File.WriteAllTextAsync(signal, "", Cancellation);
            await SmallDisk.RunAsync("chown", $"--reference={servers.DataFolder}", signal);
        }

        try
        {
            await HealthAsync(cluster, "Reading works, writing does not: the server is a standby. Let Slowlane__Database name the primary,");
        }
        finally
        {
            await cluster.ExecuteAsync("select pg_promote()");
        }

        await HealthAsync(cluster, "");
    }

    [Fact]
    public async Task Health_WhileTheDiskIsFull_SaysThatReadingWorks()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        await using var disk = await SmallDisk.MountAsync(Path.Combine(servers.DataFolder, "pg_snapshots"), servers.DataFolder);
        disk.Fill();

        await HealthAsync(cluster, "Reading works, writing does not: could not write to file ");
        disk.Free();

        await HealthAsync(cluster, "");
    }

    private static Task<string> HealthAsync(Cluster cluster, string reason) => Eventually.SeesAsync(
        cluster.Front.DatabaseReasonAsync, seen => reason.Length == 0 ? seen.Length == 0 : seen.Contains(reason, StringComparison.Ordinal), reason);
}
