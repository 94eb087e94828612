using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Protocol;
using Slowlane.LocalHost.Workers;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost.Workers;

[Trait("Category", "Fast")]
public sealed class WorkerLogTests
{
    [Theory]
    [InlineData(LogLevel.Trace)]
    [InlineData(LogLevel.Debug)]
    [InlineData(LogLevel.Information)]
    [InlineData(LogLevel.Warning)]
    [InlineData(LogLevel.Error)]
    [InlineData(LogLevel.Critical)]
    public void Line_OfTheApp_KeepsItsLevelAndItsCategory(LogLevel level)
    {
        var line = Assert.Single(Written(new RpcLog { Category = "Invoicing", Level = Enum.Parse<RpcLog.Types.Level>(level.ToString()), Message = "sent" }));

        Assert.Equal((level, "Invoicing", "[worker 1] sent"), (line.Level, line.Category, line.Text));
    }

    [Fact]
    public void Line_OfTheWorkerItself_HasTheCategoryOfTheWorker()
    {
        var line = Assert.Single(Written(new RpcLog { Category = "Anything", Level = RpcLog.Types.Level.Warning, Message = "slow", LogCategory = RpcLog.Types.RpcLogCategory.System }));

        Assert.Equal("Worker.System", line.Category);
    }

    [Fact]
    public void Line_ThatIsAMetric_IsNotWritten()
        => Assert.Empty(Written(new RpcLog { Category = "Invoicing", Level = RpcLog.Types.Level.Information, Message = "1", LogCategory = RpcLog.Types.RpcLogCategory.CustomMetric }));

    [Fact]
    public void Line_OfAFailedFunction_IsWrittenOnceWithItsStack()
    {
        var failed = new RpcLog
        {
            Category = WorkerLog.Invocations,
            Level = RpcLog.Types.Level.Error,
            Message = "Function 'F' failed.",
            Exception = new RpcException { Message = "System.IO.IOException: gone", StackTrace = "   at F.Run()" },
        };

        var line = Assert.Single(Written(failed, failed));

        Assert.Equal("[worker 1] Function 'F' failed.\n    System.IO.IOException: gone\n       at F.Run()", line.Text);
    }

    private static List<LogLine> Written(params RpcLog[] lines)
    {
        using var written = new LogLines();
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(written));
        var log = new WorkerLog(loggers, "worker 1", new WrittenStacks(isVerbose: false));
        Array.ForEach(lines, log.Write);
        return written.All;
    }
}
