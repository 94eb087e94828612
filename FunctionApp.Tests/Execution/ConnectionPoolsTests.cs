using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution;

/// <summary>What keeps a job's lease, hears of its cancel request and completes it has connections that no job takes.</summary>
public sealed class ConnectionPoolsTests
{
    [Fact]
    public async Task Jobs_WhileTheConnectionsOfJobsAreTaken_KeepTheirLeasesAreCancelledAndWritten()
    {
        using var over = new ManualResetEventSlim();
        using var job = new ScriptedJob(context =>
        {
            WaitHandle.WaitAny([over.WaitHandle, context.CancellationToken.WaitHandle]);
            context.CancellationToken.ThrowIfCancellationRequested();
            return "";
        });
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await StartAsync(database, services => job.Register(services));
        var (written, cancelled) = (await app.SubmitAsync("scripted", "{}"), await app.SubmitAsync("scripted", "{}"));
        await job.Started.WaitAsync(Cancellation);
        await job.Started.WaitAsync(Cancellation);

        var taken = await TakeAllAsync(app);
        await RenewedAsync(database, jobs: 2);
        using var accepted = await app.Client.PostAsync(new Uri($"{cancelled}/cancel", UriKind.Relative), content: null, Cancellation);
        Assert.True(accepted.IsSuccessStatusCode, await accepted.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("cancelled", (await app.FinishedAsync(cancelled)).GetProperty("status").GetString());
        over.Set();
        var status = await app.FinishedAsync(written);

        Assert.Equal(("succeeded", 1), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        await Task.WhenAll(taken.Select(connection => connection.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task EveryLaneOfTheSmallestPool_ComputesAndKeepsItsLease()
    {
        using var over = new ManualResetEventSlim();
        using var job = new SumJob { During = (_, _) => over.Wait(Cancellation) };
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(SumJob.Table);
        await using var app = await StartAsync(database, services => job.Register(services));
        var (split, whole) = (await app.SubmitAsync("sum", """{"partitions":2}"""), await app.SubmitAsync("sum", """{"partitions":1}"""));
        await job.Started.WaitAsync(Cancellation); // A coordinator, a partition of it and a streaming job hold a connection each.
        await job.Started.WaitAsync(Cancellation);

        await RenewedAsync(database, jobs: 2);
        over.Set();

        foreach (var location in (string[])[split, whole])
        {
            var status = await app.FinishedAsync(location);
            Assert.Equal(("succeeded", 1), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        }

        Assert.Equal(0, await database.QueryAsync<long>("select sum(lost_leases + outages) from slowlane.job"));
    }

    /// <summary>Two lanes, and no connection more than they need.</summary>
    private static async Task<SlowlaneApp> StartAsync(TestDatabase database, Action<IServiceCollection> types)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Slowlane__LeaseSeconds"] = "6", ["Slowlane__Lanes"] = "2", ["Slowlane__MaxLostLanes"] = "2" };
        return await SlowlaneApp.StartBesideAsync(database.ConnectionString + ";Maximum Pool Size=11;Timeout=1", await TestServices.StorageAsync(), settings, types);
    }

    private static async Task<List<NpgsqlConnection>> TakeAllAsync(SlowlaneApp app)
    {
        var pool = app.Services.GetRequiredService<Database>().Jobs;
        var taken = new List<NpgsqlConnection>();
        while (taken.Count < app.Services.GetRequiredService<SlowlaneOptions>().Connections.Jobs)
        {
            taken.Add(await pool.OpenConnectionAsync(Cancellation));
        }

        await Assert.ThrowsAsync<NpgsqlException>(async () => await pool.OpenConnectionAsync(Cancellation)); // The pool is exhausted.
        return taken;
    }

    /// <summary>Waits until each job's lease was renewed twice: once may have been under way.</summary>
    private static async Task RenewedAsync(TestDatabase database, int jobs)
    {
        for (var i = 0; i < 2; i++)
        {
            var last = await database.QueryAsync<DateTime>("select max(lease_until) from slowlane.job");
            await Eventually.HoldsAsync(async () => await database.QueryAsync<long>($"select count(*) from slowlane.job where status = 'running' and lease_until > '{last:O}'") == jobs);
        }
    }
}
