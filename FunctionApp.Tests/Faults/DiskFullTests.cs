using System.Security.Cryptography;
using Slowlane.Tests.Fixtures;
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

    // What health writes itself fits into pages that there are.
    [Fact]
    public async Task Disk_FullBelowTheTableOfJobsAlone_IsToldByHealthUntilThereIsRoom()
    {
        var folder = servers.NewFolder();
        await using var disk = await SmallDisk.MountAsync(folder, servers.DataFolder);
        await using var cluster = await Cluster.StartOnAsync(servers);
        await cluster.ExecuteAsync($"create tablespace tables location '{folder}'");
        try
        {
            await cluster.ExecuteAsync("alter table slowlane.job set tablespace tables");
            Assert.Equal("", await cluster.Front.DatabaseReasonAsync());
            disk.Fill();
            var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(20_000)); // Text that can't be compressed.
            await cluster.Front.SubmitAsync("profile", $$"""{"rows":[{"n":"{{text}}"}]}""");

            var reason = await EnvironmentSteps.ReasonAsync(cluster.Front);

            Assert.StartsWith("Reading works, writing does not: could not extend file", reason, StringComparison.Ordinal);
            Assert.EndsWith("(53100). Add disk space to the database's server, or mend its disk.", reason, StringComparison.Ordinal);
            disk.Free();
            await Eventually.HoldsAsync(async () => (await cluster.Front.DatabaseReasonAsync()).Length == 0);
            await cluster.UntilAsync("(select count(*) from slowlane.job) = 1");
        }
        finally
        {
            await cluster.ExecuteAsync("alter table slowlane.job set tablespace pg_default");
            await cluster.ExecuteAsync("drop tablespace tables");
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
