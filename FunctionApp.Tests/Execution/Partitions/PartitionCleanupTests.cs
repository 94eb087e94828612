using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Execution.Partitions;
using Slowlane.Resilience;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution.Partitions;

public sealed class PartitionCleanupTests
{
    [Fact]
    public async Task Runs_ThatEndedAndAreOlderThanAnyAttempt_AreForgotten()
    {
        var time = new TestTime();
        await using var hub = new PurgedHub();

        await new PartitionCleanup(time, NullLogger<PartitionCleanup>.Instance).PurgeAsync(new DurablePartitionRuns(hub), Cancellation);

        Assert.Equal((DateTimeOffset.UnixEpoch, time.GetUtcNow() - TimeSpan.FromDays(7)), (hub.Purged!.CreatedFrom, hub.Purged.CreatedTo));
        Assert.Equal([OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated], hub.Purged.Statuses!);
    }

    [Fact]
    public async Task Upkeep_WhileTheHubDoesNotAnswer_IsPostponed()
    {
        await using var bench = await CoordinatorFixture.CreateAsync();
        bench.Before = _ => throw new PartitionRunLostException("no answer");

        await new PartitionCleanup(TimeProvider.System, NullLogger<PartitionCleanup>.Instance).PurgeAsync(bench, Cancellation);

        Assert.Equal("forget all", bench.Calls);
    }
}
