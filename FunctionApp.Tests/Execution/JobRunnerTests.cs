using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Samples.Spin;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution;

public sealed class JobRunnerTests
{
    [Fact]
    public async Task Job_ThatFailsTwice_SucceedsAtTheThirdAttempt()
    {
        var type = new Scripted(attempt => attempt < 3 ? throw new InvalidOperationException("secret") : "done");
        await using var app = await StartAsync(type);

        var status = await app.FinishedAsync(await app.SubmitAsync("scripted", "{}"));

        Assert.Equal(("succeeded", 3), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        Assert.Equal([1, 2, 3], type.Attempts);
    }

    [Fact]
    public async Task Job_ThatFailsEveryTime_FailsWithTheReasonAndWithoutSecrets()
    {
        var type = new Scripted(_ => throw new InvalidOperationException("secret"));
        await using var app = await StartAsync(type);

        var status = await app.FinishedAsync(await app.SubmitAsync("scripted", "{}"));

        Assert.Equal(("failed", 3), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        Assert.Equal("attempts-used", status.GetProperty("error").GetProperty("type").GetString());
        Assert.DoesNotContain("secret", status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_ThatCannotSucceed_FailsAtOnce()
    {
        var type = new Scripted(_ => throw new JobException("no-way", "No way.", "There is no way."));
        await using var app = await StartAsync(type);

        var status = await app.FinishedAsync(await app.SubmitAsync("scripted", "{}"));

        Assert.Equal(("no-way", 1), (status.GetProperty("error").GetProperty("type").GetString(), type.Attempts.Count));
    }

    [Theory]
    [InlineData("a reader left open")]
    [InlineData("a command beside an open reader")]
    [InlineData("a parameter missing")]
    public async Task Job_WhoseWriteMisusesItsConnection_FailsAndIsNotTakenForAnOutage(string mistake)
    {
        using var type = new ScriptedJob(_ => "done") { Write = (transaction, cancellationToken) => MisuseAsync(mistake, transaction.Connection!, cancellationToken) };
        await using var app = await type.StartAsync(new JobOptions { MaxAttempts = 2, Backoff = TimeSpan.FromMilliseconds(1) });

        var status = await app.FinishedAsync(await app.SubmitAsync("scripted", "{}"));

        Assert.Equal(("attempts-used", 2), (status.GetProperty("error").GetProperty("type").GetString(), status.GetProperty("attempt").GetInt32()));
    }

    [Fact]
    public async Task Job_WhoseWorkerStops_IsHandedBackUncharged()
    {
        using var started = new SemaphoreSlim(0);
        var type = new Scripted((_, context) =>
        {
            started.Release();
            context.CancellationToken.WaitHandle.WaitOne();
            throw new OperationCanceledException(context.CancellationToken);
        });
        await using var app = await StartAsync(type);
        await app.SubmitAsync("scripted", "{}");
        await started.WaitAsync(TestContext.Current.CancellationToken);

        await app.StopAsync();

        Assert.Equal("queued 0", await app.Database.QueryAsync<string>("select status || ' ' || attempt from slowlane.job"));
    }

    [Fact]
    public async Task Job_WhoseRowVanishesWithAFailover_IsStartedAnewByItsMessage()
    {
        using var started = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        var type = new Scripted(_ =>
        {
            started.Release();
            release.Wait();
            return "done";
        });
        await using var app = await StartAsync(type);
        var location = await app.SubmitAsync("scripted", "{}");
        await started.WaitAsync(TestContext.Current.CancellationToken);

        await app.Database.ExecuteAsync("delete from slowlane.job");
        release.Release(2);

        var status = await app.FinishedAsync(location);
        Assert.Equal("succeeded", status.GetProperty("status").GetString());
        Assert.Equal(2, type.Attempts.Count);
    }

    [Fact]
    public async Task Job_OfATypeThatThisWorkerDoesNotKnow_EndsAsPoison()
    {
        await using var app = await SlowlaneApp.StartAsync();
        var queue = new Azure.Storage.Queues.QueueClient(app.Storage, "jobs-poison", new Azure.Storage.Queues.QueueClientOptions { MessageEncoding = Azure.Storage.Queues.QueueMessageEncoding.Base64 });
        var id = JobId.New(TimeProvider.System, 1);
        await queue.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);

        await queue.SendMessageAsync(Envelope.WithInput(id, "juggle", "{}"u8).ToString(), TestContext.Current.CancellationToken);

        var status = await app.FinishedAsync($"/api/jobs/{id}");
        Assert.Equal("poisoned", status.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(1, await app.Database.QueryAsync<long>("select count(*) from slowlane.poison where body like '%juggle%'"));
    }

    private static async Task MisuseAsync(string mistake, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (mistake is "a parameter missing")
        {
            await using var lacking = new NpgsqlCommand("select $1::int, $2::int", connection) { Parameters = { new() { Value = 1 } } };
            await lacking.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand("select 1", connection);
        var reader = await command.ExecuteReaderAsync(cancellationToken); // Not disposed of: that is the mistake.
        if (mistake is "a command beside an open reader")
        {
            await using var second = new NpgsqlCommand("select 2", connection);
            await second.ExecuteNonQueryAsync(cancellationToken);
        }

        GC.KeepAlive(reader);
    }

    private static Task<SlowlaneApp> StartAsync(Scripted type) => SlowlaneApp.StartAsync(services => services
        .AddSingleton(type)
        .AddJob<Scripted>("scripted", new JobOptions { MaxAttempts = 3, Backoff = TimeSpan.FromMilliseconds(1) }));

    /// <summary>A job type whose computation is a test's own.</summary>
    private sealed class Scripted(Func<int, JobContext, string> compute) : IJobType<bool, bool, SpinResult>
    {
        public Scripted(Func<int, string> compute)
            : this((attempt, _) => compute(attempt))
        {
        }

        public ConcurrentQueue<int> Attempts { get; } = [];

        public static bool Parse(InputReader reader) => true;

        public Task<bool> FetchAsync(bool input, NpgsqlConnection connection, CancellationToken cancellationToken) => Task.FromResult(true);

        public SpinResult Compute(bool input, bool data, JobContext context)
        {
            Attempts.Enqueue(context.Attempt);
            return new SpinResult(compute(context.Attempt, context), 0, 0, "");
        }

        public Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
