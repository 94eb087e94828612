using Slowlane.Bench.Compare.Processes;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class EndingTests
{
    [Fact]
    public async Task Ends_OfWhichOneFails_AreAllMadeInTurnAndItsFailureIsThrown()
    {
        var ended = new List<string>();

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => Ending.AllAsync(End("servers", fails: true), End("broker"), End("storage")));

        Assert.Equal("servers", thrown.Message);
        Assert.Equal(["servers", "broker", "storage"], ended);

        Func<Task> End(string name, bool fails = false) => () =>
        {
            ended.Add(name);
            return fails ? throw new InvalidOperationException(name) : Task.CompletedTask;
        };
    }

    [Fact]
    public async Task Ends_OfWhichSeveralFail_ThrowAllFailures()
    {
        var thrown = await Assert.ThrowsAsync<AggregateException>(() => Ending.AllAsync(() => Task.FromException(new TimeoutException()), () => Task.FromException(new IOException())));

        Assert.Equal(2, thrown.InnerExceptions.Count);
    }
}
