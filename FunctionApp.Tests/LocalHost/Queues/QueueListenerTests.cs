using System.Collections.Concurrent;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Queues;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.LocalHost.Worker;
using Slowlane.Tests.Running;
using Xunit;

namespace Slowlane.Tests.LocalHost.Queues;

#pragma warning disable CA1062 // The host passes no null to a function.

public sealed class QueueListenerTests
{
    private static readonly QueueOptions Quick = new() { BatchSize = 4, NewBatchThreshold = 0, MaxPollingInterval = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task Listener_WhenFunctionSucceeds_DeletesMessage()
    {
        await using var test = await ListeningAsync(Quick, (_, _) => Task.CompletedTask);
        await test.SendAsync("hello");

        Assert.Equal("hello", await test.Calls.NextAsync());
        await test.UntilAsync(async () => await test.CountAsync(test.Queue) == 0);
    }

    [Fact]
    public async Task Listener_WhenFunctionFailsFiveTimes_MovesMessageToPoison()
    {
        await using var test = await ListeningAsync(Quick, (_, _) => throw new InvalidOperationException("never"));
        await test.SendAsync("bad");

        await test.UntilAsync(async () => await test.CountAsync(test.Poison) == 1);
        Assert.Equal(5, test.Calls.Count);
        Assert.Equal("bad", (await test.Poison.PeekMessageAsync(test.Token)).Value.Body.ToString());
        await test.UntilAsync(async () => await test.CountAsync(test.Queue) == 0);
    }

    [Fact]
    public async Task Listener_WhenMessageCameTooOftenAlready_PoisonsItWithoutRunning()
    {
        await using var test = await ListeningAsync(Quick with { MaxDequeueCount = 1 }, (_, _) => Task.CompletedTask, async queue =>
        {
            await queue.SendMessageAsync("worn");
            await queue.ReceiveMessageAsync(TimeSpan.FromSeconds(1)); // Somebody else's attempt, which never ended.
        });

        await test.UntilAsync(async () => await test.CountAsync(test.Poison) == 1);
        Assert.Equal(0, test.Calls.Count);
    }

    [Fact]
    public async Task Listener_WhenMessageIsNotBase64_PoisonsItAsItIs()
    {
        await using var test = await ListeningAsync(Quick, (_, _) => Task.CompletedTask);
        var raw = new QueueClient(test.ConnectionString, "jobs");
        await raw.SendMessageAsync("not base64!", test.Token);

        var poison = new QueueClient(test.ConnectionString, "jobs-poison");
        await test.UntilAsync(async () => await test.CountAsync(test.Poison) == 1);
        Assert.Equal("not base64!", (await poison.PeekMessageAsync(test.Token)).Value.Body.ToString());
        Assert.Equal(0, test.Calls.Count);
    }

    [Fact]
    public async Task Listener_WhileFunctionOutlastsInvisibility_KeepsMessageHidden()
    {
        await using var test = await ListeningAsync(Quick with { Invisibility = TimeSpan.FromSeconds(2) }, (_, token) => Task.Delay(TimeSpan.FromSeconds(5), token));
        await test.SendAsync("long");

        await test.UntilAsync(async () => test.Calls.Ended == 1 && await test.CountAsync(test.Queue) == 0);
        Assert.Equal(1, test.Calls.Count);
    }

    [Fact]
    public async Task Listener_WhenFunctionFails_WaitsForTheVisibilityTimeout()
    {
        await using var test = await ListeningAsync(Quick with { VisibilityTimeout = TimeSpan.FromHours(1) }, (_, _) => throw new InvalidOperationException("later"));
        await test.SendAsync("bad");

        await test.UntilAsync(() => Task.FromResult(test.Calls.Ended == 1));
        await test.App.StopAsync();

        Assert.Equal(1, test.Calls.Count);
        Assert.Equal(1, await test.CountAsync(test.Queue));
        Assert.Null((await test.Queue.PeekMessageAsync(test.Token)).Value);
    }

    [Fact]
    public async Task Listener_WhenInFlightIsAboveThreshold_FetchesNoMore()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var test = await ListeningAsync(Quick with { BatchSize = 2, NewBatchThreshold = 1 }, (_, _) => gate.Task);
        for (var i = 0; i < 6; i++)
        {
            await test.SendAsync($"{i}");
        }

        await test.UntilAsync(() => Task.FromResult(test.Calls.Count >= 2));
        await test.UntilAsync(async () => await test.VisibleAsync() <= 4);
        var running = test.Calls.Count;
        gate.SetResult();

        await test.UntilAsync(async () => await test.CountAsync(test.Queue) == 0);
        Assert.InRange(running, 2, 3); // One fetched alone, then a batch of two: at most batch + threshold.
        Assert.Equal(6, test.Calls.Count);
    }

    [Fact]
    public async Task Listener_OfQueueThatIsMissing_WaitsForIt()
    {
        await using var test = await ListeningAsync(Quick, (_, _) => Task.CompletedTask, create: false);
        await test.Queue.CreateAsync(cancellationToken: test.Token);
        await test.SendAsync("first");

        Assert.Equal("first", await test.Calls.NextAsync());
    }

    [Fact]
    public async Task Listener_WhenTheBellRings_AsksAgainAtOnce()
    {
        var time = new ManualTime(); // Stands still: no wait ends by itself.
        await using var test = await ListeningAsync(Quick, (_, _) => Task.CompletedTask, time: time);
        await time.TimerStartedAsync(test.Token);
        await test.SendAsync("just now");

        test.App.Services.GetRequiredService<QueueBell>().Ring();

        Assert.Equal("just now", await test.Calls.NextAsync());
    }

    [Fact]
    public async Task Stop_CancelsTheFunctionAndReleasesItsMessage()
    {
        await using var test = await ListeningAsync(Quick, (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        await test.SendAsync("endless");
        await test.Calls.NextAsync();

        await test.App.StopAsync();

        Assert.Equal(1, test.Calls.Ended);
        Assert.Equal("endless", (await test.Queue.PeekMessageAsync(test.Token)).Value.Body.ToString());
    }

    [Fact]
    public async Task Listener_OfPoisonQueue_LeavesFailedMessageHidden()
    {
        await using var test = await ListeningAsync(Quick, (_, _) => throw new InvalidOperationException("still bad"), name: "jobs-poison");
        await test.SendAsync("bad");

        await test.UntilAsync(() => Task.FromResult(test.Calls.Ended == 1));
        await test.App.StopAsync();

        Assert.Equal(1, await test.CountAsync(test.Queue));
        Assert.Null((await test.Queue.PeekMessageAsync(test.Token)).Value);
    }

    private static async Task<Listening> ListeningAsync(QueueOptions options, Func<string, CancellationToken, Task> function, Func<QueueClient, Task>? prepare = null, bool create = true, string name = "jobs", TimeProvider? time = null)
    {
        var connectionString = await TestServices.StorageAsync();
        var client = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 };
        var queue = new QueueClient(connectionString, name, client);
        if (create)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        }

        if (prepare is not null)
        {
            await prepare(queue);
        }

        var calls = new Calls(function);
        var app = await TestApp.StartAsync(
            [typeof(TakeFunctions)],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["AzureWebJobsStorage"] = connectionString, ["Queue"] = name },
            new LocalHostOptions { Role = LocalRole.Worker },
            builder =>
            {
                builder.Services.AddSingleton(options);
                builder.Services.AddSingleton(time ?? TimeProvider.System);
                builder.Services.AddSingleton(calls);
            });
        return new Listening(app, calls, connectionString, queue, new QueueClient(connectionString, "jobs-poison", client));
    }

    private sealed record Listening(TestApp App, Calls Calls, string ConnectionString, QueueClient Queue, QueueClient Poison) : IAsyncDisposable
    {
        public CancellationToken Token { get; } = TestContext.Current.CancellationToken;

        public async Task SendAsync(string message) => await Queue.SendMessageAsync(message, Token);

        public async Task<int> CountAsync(QueueClient queue)
            => await queue.ExistsAsync(Token) ? (await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount : 0;

        public async Task<int> VisibleAsync() => (await Queue.PeekMessagesAsync(32, Token)).Value.Length;

        public async Task UntilAsync(Func<Task<bool>> condition)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            while (!await condition())
            {
                await Task.Delay(20, limit.Token);
            }
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    public sealed class Calls(Func<string, CancellationToken, Task> function)
    {
        private readonly BlockingCollection<string> _messages = [];
        private int _count;
        private int _ended;

        public int Count => Volatile.Read(ref _count);

        public int Ended => Volatile.Read(ref _ended);

        public Task<string> NextAsync() => Task.Run(() => _messages.TryTake(out var message, TimeSpan.FromSeconds(30)) ? message : throw new TimeoutException("The function never ran."));

        public async Task RunAsync(string message, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            _messages.Add(message, CancellationToken.None);
            try
            {
                await function(message, cancellationToken);
            }
            finally
            {
                Interlocked.Increment(ref _ended);
            }
        }
    }

    public sealed class TakeFunctions(Calls calls)
    {
        [Function("Take")]
        public Task Run([QueueTrigger("%Queue%")] string message, FunctionContext context, CancellationToken cancellationToken)
        {
            Assert.Equal(message, context.BindingContext.BindingData["queuetrigger"]);
            return calls.RunAsync(message, cancellationToken);
        }
    }
}
