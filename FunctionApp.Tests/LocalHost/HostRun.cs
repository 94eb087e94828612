using System.Diagnostics;
using Slowlane.LocalHost.Services;
using Slowlane.Tests.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.LocalHost;

/// <summary>A local host that ends by itself: what it said, and what it left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it said.</param>
/// <param name="Error">What it said on standard error.</param>
internal sealed record HostRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a host on servers that aren't there, to its end. It must leave neither process nor file behind.</summary>
    public static async Task<HostRun> ToItsEndAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("host-run-").FullName;
        var start = new ProcessStartInfo("dotnet", [ProjectFolder.Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["AzureWebJobsStorage"] = "UseDevelopmentStorage=true";
        start.Environment["Slowlane__Database"] = "Host=127.0.0.1;Port=1";
        start.Environment["TMPDIR"] = folder;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        late.CancelAfter(TimeSpan.FromMinutes(1));
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(late.Token);
            var error = process.StandardError.ReadToEndAsync(late.Token);
            await process.WaitForExitAsync(late.Token);
            var run = new HostRun(process.ExitCode, await output, (await error).Trim());
            await ProcessTable.UntilNoneAsync(folder);
            Assert.DoesNotContain(Directory.EnumerateDirectories(folder), path => Path.GetFileName(path).StartsWith("slowlane", StringComparison.Ordinal));
            return run;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            Directory.Delete(folder, recursive: true);
        }
    }
}
