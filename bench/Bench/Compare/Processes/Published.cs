using System.Diagnostics;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Compare.Processes;

/// <summary>The app as it is deployed: published, and so compiled ahead.</summary>
internal static class Published
{
    /// <exception cref="InvalidOperationException">It could not be published; with the compiler's words.</exception>
    public static async Task MakeAsync(string folder, CancellationToken cancellationToken)
    {
        // As the pipeline does, but apart from the project's own output and its lock file.
        string[] arguments =
        [
            "publish", Path.Combine(ProjectFolder.Root, "FunctionApp"), "--configuration", "Release", "--output", folder, "--artifacts-path", folder + "-build", $"-property:NuGetLockFilePath={folder}.lock.json", "-property:RestoreLockedMode=false", "-property:RunAnalyzers=false", "-nologo", "-verbosity:quiet",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        await using var end = cancellationToken.Register(process.Kill);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The app could not be published:\n{output}");
        }
    }
}
