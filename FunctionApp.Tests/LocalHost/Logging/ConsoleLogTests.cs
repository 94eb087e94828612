using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Logging;
using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Logging;

[Trait("Category", "Fast")]
public sealed class ConsoleLogTests
{
    [Theory]
    [InlineData("Slowlane.Execution.JobRunner", null, null, false, LogLevel.Information)]
    [InlineData("Slowlane.Execution.JobRunner", "default", "Error", false, LogLevel.Error)]
    [InlineData("Microsoft.AspNetCore.Hosting", null, null, false, LogLevel.Warning)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel.Connections", null, null, false, LogLevel.Error)]
    [InlineData("Function.Text", null, null, false, LogLevel.Warning)]
    [InlineData("Function.Text", null, null, true, LogLevel.Information)]
    [InlineData("Function.Text", "Function", "Debug", false, LogLevel.Debug)]
    [InlineData("Function.Text", "Function.Text", "Trace", false, LogLevel.Trace)]
    [InlineData("Function.Other", "Function.Text", "Trace", false, LogLevel.Warning)]
    [InlineData("Host.Results", null, null, true, LogLevel.None)]
    public void Category_IsWrittenFromItsLevelUp(string category, string? named, string? level, bool verbose, LogLevel lowest)
    {
        using var loggers = ConsoleLog.Create(HostJson(named, level), verbose, CancellationToken.None);
        var logger = loggers.CreateLogger(category);

        Assert.Equal(Enum.GetValues<LogLevel>().Where(candidate => candidate >= lowest && candidate < LogLevel.None), Enum.GetValues<LogLevel>().Where(candidate => candidate < LogLevel.None && logger.IsEnabled(candidate)));
    }

    [Fact]
    public void Level_ThatDoesNotExist_IsRefusedWithThoseThatDo()
        => Assert.Equal(
            "logging.logLevel.Function in host.json is \"Loud\": choose one of Trace, Debug, Information, Warning, Error, Critical, None.",
            Assert.Throws<CannotStartException>(() => ConsoleLog.Create(HostJson("Function", "Loud"), verbose: false, CancellationToken.None)).Message);

    [Fact]
    public void Worker_IsToldTheLevelsThatItNeedNotGoBelow()
    {
        var levels = ConsoleLog.WorkerLevels(HostJson("Azure", "Debug"));

        Assert.Equal((LogLevel.Debug, LogLevel.Warning), (levels["Azure"], levels["microsoft"]));
    }

    private static IConfiguration HostJson(string? category, string? level)
        => new ConfigurationBuilder().AddInMemoryCollection(category is null ? [] : [KeyValuePair.Create($"logging:logLevel:{category}", level)]).Build();
}
