using System.Globalization;
using DurableTask.Core.Exceptions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slowlane.LocalHost.Durable;
using Slowlane.LocalHost.Durable.Storage;
using Slowlane.LocalHost.Processes;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.LocalHost.Worker;
using Xunit;

namespace Slowlane.Tests.LocalHost.Durable;

public sealed class OrchestrationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FanOut_StartedByAnHttpFunctionInTheFront_IsSharedByTheWorkers_AndFansIn()
    {
        await using var database = await TestDatabase.CreateAsync();
        var (one, two) = (new Signals(), new Signals());
        (one.Partner, two.Partner) = (two.ReachedAsync("took part"), one.ReachedAsync("took part"));
        var single = new DurableOptions { MaxConcurrentActivityFunctions = 1 };
        await using var front = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals(), role: LocalRole.Front);
        await using var first = await DurableApp.StartAsync(database, typeof(SumFunctions), one, single);
        await using var second = await DurableApp.StartAsync(database, typeof(SumFunctions), two, single);

        using var http = front.Http();
        using var response = await http.PostAsync(new Uri("api/sum/20", UriKind.Relative), content: null, Cancellation);
        var end = await front.EndOfAsync(await response.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal((20, 2870, "{\"Done\":19}"), (end.ReadInputAs<int>(), end.ReadOutputAs<int>(), end.SerializedCustomStatus));
        Assert.Equal((1, 1), (one.MostAtOnce, two.MostAtOnce)); // Both took part, neither more than it may.
        Assert.Equal(20, await CountAsync(database, "TaskCompleted"));
        Assert.Equal(0L, await database.QueryAsync<long>("select (select count(*) from slowlane_durable.activity) + (select count(*) from slowlane_durable.message)"));
    }

    [Theory]
    [InlineData(3, OrchestrationRuntimeStatus.Completed, "\"third time\"")]
    [InlineData(2, OrchestrationRuntimeStatus.Failed, "not yet")]
    public async Task Retries_ByPolicy_AreDurableTimers(int attempts, OrchestrationRuntimeStatus status, string says)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals());

        var end = await app.RunAsync(nameof(SumFunctions.Stubborn), attempts);

        Assert.Equal(status, end.RuntimeStatus);
        Assert.Contains(says, end.SerializedOutput ?? end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(attempts - 1, await CountAsync(database, "TimerFired"));
        Assert.True(end.FailureDetails?.InnerFailure!.IsCausedBy<TimeoutException>() ?? true);
    }

    [Fact]
    public async Task Orchestration_WaitsForTimerAndEvent()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals());
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SumFunctions.Wait), Cancellation);
        await app.Client.RaiseEventAsync(id, "ANSWER", "forty-two", Cancellation); // Before anybody waits for it.

        var end = await app.EndOfAsync(id);

        Assert.Equal(("listening", "forty-two"), (end.ReadCustomStatusAs<string>(), end.ReadOutputAs<string>()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.RaiseEventAsync(id, "answer", "late", Cancellation));
        await app.Client.RaiseEventAsync("nobody", "answer", "to nobody", Cancellation);
    }

    [Fact]
    public async Task Terminate_EndsTheInstance_AndOnlyOneThatHasNotEnded()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals());
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SumFunctions.Wait), Cancellation);
        await app.Client.WaitForInstanceStartAsync(id, Cancellation);

        await app.Client.TerminateInstanceAsync(id, "enough", Cancellation);

        var end = await app.EndOfAsync(id);
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "enough"), (end.RuntimeStatus, end.ReadOutputAs<string>()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.TerminateInstanceAsync(id, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => app.Client.TerminateInstanceAsync("nobody", Cancellation));
    }

    [Fact]
    public async Task Terminate_WhileAStepIsBeingRecorded_ComesAfterIt()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var front = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals(), role: LocalRole.Front);
        var id = await front.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SumFunctions.Wait), Cancellation);
        await using var recorder = await database.Source.OpenConnectionAsync(Cancellation);
        await using var step = await recorder.BeginTransactionAsync(Cancellation);
        await recorder.ExecuteAsync("update slowlane_durable.instance set status = 'Running'", [], Cancellation);
        await recorder.ExecuteAsync("insert into slowlane_durable.history (instance, seq, kind, at) select key, 1, 'EpisodeStarted', now() from slowlane_durable.instance", [], Cancellation);

        var terminated = front.Client.TerminateInstanceAsync(id, Cancellation);
        while (!await database.QueryAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"))
        {
            await Task.Delay(20, Cancellation);
        }

        await step.CommitAsync(Cancellation);
        await terminated;

        Assert.Equal(2, await database.QueryAsync<int>("select seq from slowlane_durable.history where kind = 'ExecutionTerminated'"));
    }

    [Fact]
    public async Task InstanceId_IsTakenWhileItsInstanceRuns_AndFreeOnceItEnded()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals());
        var options = new StartOrchestrationOptions("mine");
        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SumFunctions.Wait), options, Cancellation);
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SumFunctions.Sum), 2, options, Cancellation));
        Assert.Equal(0, (await app.Client.PurgeInstanceAsync("mine", Cancellation)).PurgedInstanceCount);
        await app.Client.TerminateInstanceAsync("mine", Cancellation);

        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SumFunctions.Sum), 2, options, Cancellation);

        Assert.Equal(5, (await app.EndOfAsync("mine")).ReadOutputAs<int>());
        Assert.Equal(1, (await app.Client.PurgeInstanceAsync("mine", Cancellation)).PurgedInstanceCount);
        Assert.Null(await app.Client.GetInstanceAsync("mine", Cancellation));
        Assert.Equal(0L, await database.QueryAsync<long>("select count(*) from slowlane_durable.history"));
    }

    [Theory]
    [InlineData(nameof(SumFunctions.Lost), "NoSuchActivity")]
    [InlineData("NoSuchOrchestrator", "NoSuchOrchestrator")]
    public async Task FunctionThatDoesNotExist_FailsTheInstanceByItsName(string orchestrator, string missing)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals());

        var end = await app.RunAsync(orchestrator);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains($"The function '{missing}' doesn't exist", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hubs_AreApart_AndAStartTimeIsKept()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals(), new DurableOptions { HubName = "Here" });
        await using var front = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals(), new DurableOptions { HubName = "Elsewhere" }, LocalRole.Front);
        await front.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SumFunctions.Sum), 2, new StartOrchestrationOptions("elsewhere"), Cancellation);
        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SumFunctions.Sum), 2, new StartOrchestrationOptions("later", DateTimeOffset.UtcNow.AddHours(1)), Cancellation);

        await app.RunAsync(nameof(SumFunctions.Sum), 2);

        Assert.Null(await app.Client.GetInstanceAsync("elsewhere", Cancellation));
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await front.Client.GetInstanceAsync("elsewhere", Cancellation))!.RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await app.Client.GetInstanceAsync("later", Cancellation))!.RuntimeStatus);
    }

    [Fact]
    public async Task Schema_IsMadeOnce_WhenManyProcessesStartTogether()
    {
        await using var database = await TestDatabase.CreateAsync();
        var processes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => database.Source.OpenConnectionAsync(Cancellation).AsTask()));

        await Task.WhenAll(processes.Select(static process => DurableSchema.EnsureAsync(process, Cancellation)));

        Assert.Equal(1L, await database.QueryAsync<long>("select count(*) from slowlane_durable.migration"));
    }

    [Fact]
    public async Task AppWithoutDurableFunctions_LeavesTheDatabaseAlone()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await TestApp.StartAsync([typeof(Plain)], new Dictionary<string, string?>(StringComparer.Ordinal) { ["Slowlane:Database"] = database.ConnectionString }, new LocalHostOptions { Workers = 0 });

        Assert.Null(app.Services.GetService(typeof(DurableDatabase)));
    }

    [Fact]
    public async Task EndedInstances_ArePurgedByAge()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await DurableApp.StartAsync(database, typeof(SumFunctions), new Signals());
        await app.RunAsync(nameof(SumFunctions.Sum), 1);
        await app.RunAsync(nameof(SumFunctions.Sum), 1);
        await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(SumFunctions.Wait), Cancellation);
        await database.ExecuteAsync("update slowlane_durable.instance set updated_at = now() - interval '25 hours' where key in (select min(key) from slowlane_durable.instance)");
        await using var durable = new DurableDatabase(database.ConnectionString);
        var store = new InstanceStore(durable, new DurableOptions());

        Assert.Equal(1, await store.PurgeOldAsync(TimeSpan.FromDays(1), 10, Cancellation));
        Assert.Equal(1, await store.PurgeOldAsync(TimeSpan.Zero, 10, Cancellation));
    }

    public static class Plain
    {
        [Function("Plain")]
        public static void Run([TimerTrigger("01:00:00")] TimerInfo timer) => _ = timer;
    }

    private static Task<long> CountAsync(TestDatabase database, string kind)
        => database.QueryAsync<long>(string.Create(CultureInfo.InvariantCulture, $"select count(*) from slowlane_durable.history where kind = '{kind}'"));
}
