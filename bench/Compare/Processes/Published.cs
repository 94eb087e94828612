using System.Diagnostics;
using System.Runtime.InteropServices;
using Slowlane.LocalHost.Services;

namespace Slowlane.Compare.Processes;

/// <summary>LocalHost, compiled ahead.</summary>
internal static class Published
{
    /// <exception cref="InvalidOperationException">It could not be published; with the compiler's words.</exception>
    public static async Task MakeAsync(string folder, CancellationToken cancellationToken)
    {
        // Apart from the project's own output, and without its lock file, which knows no platform.
        string[] arguments =
        [
            "publish", Path.Combine(ProjectFolder.Root, "LocalHost"), "--configuration", "Release", "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "--output", folder,
            "--artifacts-path", folder + "-build", "-property:PublishReadyToRun=true", $"-property:NuGetLockFilePath={folder}.lock.json", "-property:RestoreLockedMode=false", "-property:RunAnalyzers=false", "-nologo", "-verbosity:quiet",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        await using var end = cancellationToken.Register(process.Kill);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"LocalHost could not be published:\n{output}");
        }
    }
}
