using System.Diagnostics;
using Xunit;

namespace Slowlane.Tests.Faults;

[Collection(nameof(OwnServers))]
public sealed class DiskFullTests(OwnServers servers)
{
    [Fact]
    public async Task Disk_FullAtAWrite_KeepsTheJobRunningUnchargedUntilThereIsRoom()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount the small disk that this test fills.");
        var disk = servers.NewFolder();
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk) == 0, "The small disk that this test fills can't be mounted here.");
        try
        {
            await using var cluster = await Cluster.StartOnAsync(servers);
            await RunAsync("chown", $"--reference={servers.DataFolder}", disk);
            await cluster.ExecuteAsync($"create tablespace small location '{disk}'");
            try
            {
                await cluster.ExecuteAsync("alter table result set tablespace small");
                await FillAndFreeAsync(cluster, Path.Combine(disk, "ballast"));
            }
            finally
            {
                await cluster.ExecuteAsync("drop table if exists result");
                await cluster.ExecuteAsync("drop tablespace small");
            }
        }
        finally
        {
            Assert.Equal(0, await RunAsync("umount", disk));
        }
    }

    private static async Task FillAndFreeAsync(Cluster cluster, string ballast)
    {
        Fill(ballast);
        var worker = cluster.StartWorker();
        var location = await cluster.SubmitAsync();
        await worker.SaysAsync("53100: could not extend file");
        Assert.Equal("running", await cluster.StatusAsync(location));

        File.Delete(ballast);

        await cluster.SucceedsOnceAsync(location);
        Assert.Equal("0 0", await cluster.AskAsync<string>("select outages || ' ' || lost_leases from slowlane.job"));
    }

    private static void Fill(string ballast)
    {
        using var file = new FileStream(ballast, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
