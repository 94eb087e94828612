using Xunit;

namespace Slowlane.Tests.Faults;

[Collection(nameof(OwnServers))]
public sealed class DiskFullTests(OwnServers servers)
{
    [Fact]
    public async Task Disk_FullAtAWrite_KeepsTheJobRunningUnchargedUntilThereIsRoom()
    {
        var folder = servers.NewFolder();
        await using var disk = await SmallDisk.MountAsync(folder, servers.DataFolder);
        await using var cluster = await Cluster.StartOnAsync(servers);
        await cluster.ExecuteAsync($"create tablespace small location '{folder}'");
        try
        {
            await cluster.ExecuteAsync("alter table result set tablespace small");
            await FillAndFreeAsync(cluster, disk);
        }
        finally
        {
            await cluster.ExecuteAsync("drop table if exists result");
            await cluster.ExecuteAsync("drop tablespace small");
        }
    }

    private static async Task FillAndFreeAsync(Cluster cluster, SmallDisk disk)
    {
        disk.Fill();
        var worker = cluster.StartWorker();
        var location = await cluster.SubmitAsync();
        await worker.SaysAsync("53100: could not extend file");
        Assert.Equal("running", await cluster.StatusAsync(location));

        disk.Free();

        await cluster.SucceedsOnceAsync(location);
        Assert.Equal("0 0", await cluster.AskAsync<string>("select outages || ' ' || lost_leases from slowlane.job"));
    }
}
