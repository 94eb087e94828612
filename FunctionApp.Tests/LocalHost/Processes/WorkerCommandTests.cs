using Slowlane.LocalHost.Processes;
using Xunit;

namespace Slowlane.Tests.LocalHost.Processes;

public sealed class WorkerCommandTests
{
    [Theory]
    [InlineData(2, 2, "1", "0")]
    [InlineData(2, 8, "4", "3")]
    [InlineData(3, 8, "2", "1")]
    [InlineData(8, 2, "1", "0")]
    public void Cores_AreSharedOutAmongWorkers(int workers, int cores, string lanes, string threshold)
    {
        var variables = WorkerCommand.Variables(new Dictionary<string, string?>(StringComparer.Ordinal), workers, cores);

        Assert.Equal(lanes, variables["Slowlane__Lanes"]);
        Assert.Equal(threshold, variables["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"]);
        Assert.Equal(lanes, variables["AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions"]);
    }

    [Fact]
    public void Settings_GoThroughTheEnvironment_NeverTheCommandLine()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Slowlane:Database"] = "Password=secret", ["Slowlane:Lanes"] = "7" };

        var command = WorkerCommand.ForThisProgram(new LocalHostOptions { Workers = 1 }, settings);
        var start = command.StartInfo(nice: "/usr/bin/nice");

        Assert.Equal("Password=secret", start.Environment["Slowlane__Database"]);
        Assert.Equal("7", start.Environment["Slowlane__Lanes"]);
        Assert.DoesNotContain(start.ArgumentList, argument => argument.Contains("secret", StringComparison.Ordinal));
        Assert.EndsWith("--role worker", string.Join(' ', start.ArgumentList), StringComparison.Ordinal);
    }
}
