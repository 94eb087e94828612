using Microsoft.DurableTask.Client;
using Npgsql;
using Slowlane.LocalHost.Durable;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost.Durable;

/// <summary>Processes that die, stop, or lose the database in the middle of an orchestration.</summary>
public sealed class CrashTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProcessThatDiesInAnActivity_LeavesItToAnother_AndItsOwnLateResultIsDropped()
    {
        await using var database = await TestDatabase.CreateAsync();
        var held = new Signals { Process = "dead", Holds = true };
        await using var dying = await DurableApp.StartAsync(database, typeof(CrashFunctions), held, DurableApp.Dying);
        var id = await dying.Client.ScheduleNewOrchestrationInstanceAsync(nameof(CrashFunctions.CallHolding), Cancellation);
        await held.ReachedAsync("holding");

        var alive = new Signals { Process = "alive" };
        await using var other = await DurableApp.StartAsync(database, typeof(CrashFunctions), alive);
        await alive.ReachedAsync("holding");
        await UntilAsync(database, "select count(*) = 1 from slowlane_durable.history where kind = 'TaskCompleted'");
        held.Set("go");
        await dying.StopAsync(); // It waits for what it runs: its late result has been brought.
        await other.Client.RaiseEventAsync(id, "end", Cancellation);

        Assert.Equal("alive", (await other.EndOfAsync(id)).ReadOutputAs<string>());
        Assert.Equal(1L, await database.QueryAsync<long>("select count(*) from slowlane_durable.history where kind = 'TaskCompleted'"));
    }

    [Fact]
    public async Task ProcessThatDiesInAStep_LeavesItToAnother_AndItsOwnLateDecisionIsDropped()
    {
        await using var database = await TestDatabase.CreateAsync();
        var held = new Signals { Process = "dead", Holds = true };
        await using var dying = await DurableApp.StartAsync(database, typeof(CrashFunctions), held, DurableApp.Dying);
        var id = await dying.Client.ScheduleNewOrchestrationInstanceAsync(nameof(CrashFunctions.HoldStep), Cancellation);
        await held.ReachedAsync("holding");

        var alive = new Signals { Process = "alive" };
        await using var other = await DurableApp.StartAsync(database, typeof(CrashFunctions), alive);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await other.EndOfAsync(id)).RuntimeStatus);
        var history = await database.QueryAsync<long>("select count(*) from slowlane_durable.history");
        held.Set("go");
        await dying.StopAsync();

        Assert.Equal(1, alive.Calls + held.Calls);
        Assert.Equal(history, await database.QueryAsync<long>("select count(*) from slowlane_durable.history"));
    }

    [Fact]
    public async Task LivingProcess_KeepsAnActivityThatTakesLongerThanItsLease()
    {
        await using var database = await TestDatabase.CreateAsync();
        var held = new Signals { Process = "slow", Holds = true };
        await using var slow = await DurableApp.StartAsync(database, typeof(CrashFunctions), held, new DurableOptions { Lease = TimeSpan.FromSeconds(1), Renewal = TimeSpan.FromMilliseconds(200) });
        var id = await slow.Client.ScheduleNewOrchestrationInstanceAsync(nameof(CrashFunctions.CallHolding), Cancellation);
        await held.ReachedAsync("holding");
        var idle = new Signals { Process = "idle" };
        await using var other = await DurableApp.StartAsync(database, typeof(CrashFunctions), idle);

        await UntilAsync(database, "select max(a.leased_until) > now() and now() - max(created_at) > interval '2.5 s' from slowlane_durable.activity a join slowlane_durable.instance i on i.key = a.instance");
        held.Set("go");
        await other.Client.RaiseEventAsync(id, "end", Cancellation);

        Assert.Equal("slow", (await other.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task StoppingHost_CancelsItsActivities_AndHandsThemBackAtOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        var held = new Signals { Process = "stopping", Holds = true };
        await using var stopping = await DurableApp.StartAsync(database, typeof(CrashFunctions), held, new DurableOptions { Lease = TimeSpan.FromHours(1) });
        var id = await stopping.Client.ScheduleNewOrchestrationInstanceAsync(nameof(CrashFunctions.CallPolite), Cancellation);
        await held.ReachedAsync("holding");

        await stopping.StopAsync();
        await using var other = await DurableApp.StartAsync(database, typeof(CrashFunctions), new Signals { Process = "next" });

        Assert.Equal("next", (await other.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task NewVersionOfAnOrchestrator_ThatDoesSomethingElse_FailsItsRunningInstances()
    {
        await using var database = await TestDatabase.CreateAsync();
        var first = new Signals();
        string id;
        await using (var old = await DurableApp.StartAsync(database, typeof(CrashFunctions), first))
        {
            id = await old.Client.ScheduleNewOrchestrationInstanceAsync(nameof(CrashFunctions.Versioned), Cancellation);
            await first.ReachedAsync("named");
            await UntilAsync(database, "select count(*) = 1 from slowlane_durable.history where kind = 'TaskCompleted'");
        }

        await using var app = await DurableApp.StartAsync(database, typeof(CrashFunctions), new Signals { NewVersion = true });
        await app.Client.RaiseEventAsync(id, "answer", "x", Cancellation);

        var end = await app.EndOfAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.StartsWith("The history has activity 'Name' #0, and there the code began activity 'Polite' #0.", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatabaseThatIsDown_IsWaitedOut()
    {
        await using var database = await TestDatabase.CreateAsync();
        var held = new Signals { Process = "patient", Holds = true };
        await using var app = await DurableApp.StartAsync(database, typeof(CrashFunctions), held, new DurableOptions { Lease = TimeSpan.FromHours(1) });
        var id = await app.Client.ScheduleNewOrchestrationInstanceAsync(nameof(CrashFunctions.CallHolding), Cancellation);
        await held.ReachedAsync("holding");
        await app.Client.RaiseEventAsync(id, "end", Cancellation);
        await UntilAsync(database, "select count(*) = 0 from slowlane_durable.message");
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "postgres" }.ConnectionString);

        await ExecuteAsync($"alter database {name} with allow_connections false");
        await ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        held.Set("go"); // Its result finds no database.
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => app.Client.GetInstanceAsync(id, Cancellation));
        await ExecuteAsync($"alter database {name} with allow_connections true");

        Assert.Equal("patient", (await app.EndOfAsync(id)).ReadOutputAs<string>());

        async Task ExecuteAsync(string sql)
        {
            await using var command = server.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    private static async Task UntilAsync(TestDatabase database, string sql)
    {
        for (var began = Environment.TickCount64; !await database.QueryAsync<bool>(sql); await Task.Delay(50, Cancellation))
        {
            Assert.True(Environment.TickCount64 - began < 30_000, sql);
        }
    }
}
