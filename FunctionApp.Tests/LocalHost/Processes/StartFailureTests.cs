using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Slowlane.LocalHost.Processes;
using Xunit;

namespace Slowlane.Tests.LocalHost.Processes;

public sealed class StartFailureTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Slowlane__Lanes", "0", "The setting Slowlane:Lanes is '0'; choose a whole number from 1 to 256.")]
    [InlineData("AzureFunctionsJobHost__extensions__queues__batchSize", "33", "extensions.queues.batchSize in host.json is '33'; choose a whole number from 1 to 32.")]
    public async Task Setting_ThatCannotBeUsed_IsOneSentenceAndExitCodeTwo(string name, string value, string sentence)
    {
        var (exitCode, said) = await RunAsync(name, value, "--port", "0", "--role", "front");

        Assert.Equal(sentence, said.Trim());
        Assert.Equal(2, exitCode);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    public async Task Port_WhereAnybodyListens_IsOneSentenceAndExitCodeOne(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var (exitCode, said) = await RunAsync("Slowlane__Lanes", "1", "--port", $"{port}", "--role", "front");

        Assert.Equal($"Port {port} is in use: stop what listens there, or choose another with --port, or --port 0 for a free one.", said.Trim());
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public void Exception_OfALibrary_IsABugAndKeepsItsStack()
        => Assert.Null(StartFailure.Explain(Assert.Throws<InvalidOperationException>(() => _ = Array.Empty<int>().First())));

    /// <summary>Runs a host to its end, on servers that aren't there; returns what it says on standard error.</summary>
    private static async Task<(int ExitCode, string Said)> RunAsync(string name, string value, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Launch).Assembly.Location, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AzureWebJobsStorage"] = "UseDevelopmentStorage=true";
        start.Environment["Slowlane__Database"] = "Host=127.0.0.1;Port=1";
        start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var said = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        await output;
        return (process.ExitCode, said);
    }
}
