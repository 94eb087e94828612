using System.Diagnostics;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>A disk of one MiB that a test fills. Only root can mount one: where that is not to be had, the test is skipped.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _ballast;

    private SmallDisk(string folder)
    {
        _folder = folder;
        _ballast = Path.Combine(folder, "ballast");
    }

    /// <summary>Mounts one over a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="owner">A file whose owner it is to have.</param>
    public static async Task<SmallDisk> MountAsync(string folder, string owner)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount the small disk that this test fills.");
        Assert.SkipUnless(await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) == 0, "The small disk that this test fills can't be mounted here.");
        await RunAsync("chown", $"--reference={owner}", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Leaves no room.</summary>
    public void Fill()
    {
        using var file = new FileStream(_ballast, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
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

    public void Free() => File.Delete(_ballast);

    public async ValueTask DisposeAsync() => Assert.Equal(0, await RunAsync("umount", _folder));

    public static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
