using Microsoft.DurableTask;
using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Running.Parts;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.LocalHost.Durable;
using Xunit;

namespace Slowlane.Tests.Running.Parts;

public sealed class PartsUpkeepTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_ThatEndedAndAreOlderThanAnyAttempt_AreForgotten()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals());
        await StartAsync(app, nameof(SumFunctions.Sum), "old", ends: true);
        await StartAsync(app, nameof(SumFunctions.Wait), "old, and waiting still", ends: false);
        await database.ExecuteAsync("update slowlane_durable.instance set created_at = now() - interval '8 days'");
        await StartAsync(app, nameof(SumFunctions.Sum), "young", ends: true);

        await new PartsUpkeep(TimeProvider.System, NullLogger<PartsUpkeep>.Instance).ForgetAsync(new DurablePartRuns(app.Client), Cancellation);

        Assert.Equal("old, and waiting still; young", await database.QueryAsync<string>("select string_agg(id, '; ' order by id) from slowlane_durable.instance"));
    }

    [Fact]
    public async Task Upkeep_WhileTheHubDoesNotAnswer_IsPostponed()
    {
        await using var bench = await PartsBench.CreateAsync();
        bench.Before = _ => throw new PartsCutOffException("no answer");

        await new PartsUpkeep(TimeProvider.System, NullLogger<PartsUpkeep>.Instance).ForgetAsync(bench, Cancellation);

        Assert.Equal("forget all", bench.Calls);
    }

    private static async Task StartAsync(DurableApp app, string orchestrator, string id, bool ends)
    {
        await app.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, 1, new StartOrchestrationOptions(id), Cancellation);
        if (ends)
        {
            await app.EndOfAsync(id);
        }
    }
}
