using Azure;
using Azure.Storage.Queues;
using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class SubmitBatcherTests : IAsyncLifetime
{
    private readonly BlockingTransport _transport = new();
    private QueueClient _queue = null!;
    private SubmitBatcher _batcher = null!;

    public async ValueTask InitializeAsync()
    {
        var storage = await TestServices.StorageAsync();
        _queue = new QueueClient(storage, JobQueue.Name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await _queue.CreateAsync(cancellationToken: Cancellation);
        _batcher = new SubmitBatcher(new JobQueue(new SlowlaneOptions { Storage = storage, Database = "" }, _transport));
    }

    public ValueTask DisposeAsync()
    {
        _transport.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Jobs_ThatComeWhileAMessageIsOnItsWay_ShareTheNextInTheirOrder()
    {
        var first = New();
        var others = New(5, 60);
        var sent = Send(first);
        await _transport.BlockedAsync(Cancellation);
        var waiting = others.ConvertAll(Send);

        _transport.LetGo();
        await sent;
        await _transport.BlockedAsync(Cancellation);
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        _transport.LetGo();
        await Task.WhenAll(waiting);

        Assert.Equal([[first.Id], [.. others.Select(job => job.Id)]], await MessagesAsync());
    }

    [Fact]
    public async Task Job_ThatComesWhenNoMessageIsOnItsWay_LeavesAtOnce()
    {
        _transport.Open();
        AcceptedJob[] jobs = [New(), New()];

        await Send(jobs[0]);
        await Send(jobs[1]);

        Assert.Equal([[jobs[0].Id], [jobs[1].Id]], await MessagesAsync());
    }

    [Theory]
    [InlineData(250, 60, new[] { 1, 100, 100, 50 })]
    [InlineData(30, 4_000, new[] { 1, 12, 12, 6 })]
    public async Task Messages_HoldNoMoreThanTheirBounds(int count, int bytes, int[] messages)
    {
        var sent = Send(New(bytes: bytes));
        await _transport.BlockedAsync(Cancellation);
        var waiting = New(count, bytes).ConvertAll(Send);

        _transport.Open();
        await Task.WhenAll([sent, .. waiting]);

        Assert.Equal(messages, (await MessagesAsync()).Select(ids => ids.Count));
    }

    [Fact]
    public async Task Message_ThatFails_FailsItsOwnJobsAndTheNextGoesOn()
    {
        var sent = Send(New());
        await _transport.BlockedAsync(Cancellation);
        var unlucky = New(2, 60).ConvertAll(Send);
        _transport.LetGo();
        await sent;
        await _transport.BlockedAsync(Cancellation);
        var next = New(3, 60);
        var waiting = next.ConvertAll(Send);

        _transport.Fail(new RequestFailedException(403, "refused"));
        await _transport.BlockedAsync(Cancellation);
        _transport.LetGo();
        await Task.WhenAll(waiting);

        foreach (var failed in unlucky)
        {
            await Assert.ThrowsAsync<RequestFailedException>(() => failed);
        }

        Assert.Equal([.. next.Select(job => job.Id)], (await MessagesAsync())[^1]);
    }

    [Fact]
    public async Task FirstMessage_ThatFails_LetsTheNextGoOn()
    {
        var failed = Send(New());
        await _transport.BlockedAsync(Cancellation);
        var waiting = New(2, 60).ConvertAll(Send);

        _transport.Fail(new RequestFailedException(403, "refused"));
        await _transport.BlockedAsync(Cancellation);
        _transport.LetGo();
        await Task.WhenAll(waiting);

        await Assert.ThrowsAsync<RequestFailedException>(() => failed);
    }

    [Fact]
    public async Task Caller_WhoHangsUp_EndsHisOwnWaitAndNobodyElses()
    {
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var sent = _batcher.SendAsync("spin", New(), first.Token);
        await _transport.BlockedAsync(Cancellation);
        var gone = New();
        var waiting = _batcher.SendAsync("spin", gone, second.Token);
        var other = New();
        var stays = Send(other);

        await second.CancelAsync(); // First, or it would leave with the message that follows the other's.
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await _transport.BlockedAsync(Cancellation);
        _transport.LetGo();
        await stays;

        Assert.Equal([other.Id], Assert.Single(await MessagesAsync()));
    }

    [Fact]
    public async Task Caller_WhoHangsUpWhileHisMessageIsOnItsWay_LearnsWhetherItWasSent()
    {
        using var late = new CancellationTokenSource();
        var sent = Send(New());
        await _transport.BlockedAsync(Cancellation);
        var job = New();
        var waiting = _batcher.SendAsync("spin", job, late.Token);
        _transport.LetGo();
        await sent;
        await _transport.BlockedAsync(Cancellation);

        await late.CancelAsync();
        Assert.False(waiting.IsCompleted);
        _transport.LetGo();
        await waiting;

        Assert.Equal([job.Id], (await MessagesAsync())[^1]);
    }

    [Fact]
    public async Task Message_ThatIsNotAnswered_FailsAllThatWaitBehindIt()
    {
        var sent = Send(New());
        await _transport.BlockedAsync(Cancellation);
        var waiting = New(250, 60).ConvertAll(Send);

        for (var attempt = 0; attempt < 3; attempt++) // As often as the client tries it.
        {
            _transport.Fail(new RequestFailedException("no answer"));
        }

        await Assert.ThrowsAsync<AggregateException>(() => sent);
        foreach (var failed in waiting)
        {
            await Assert.ThrowsAsync<AggregateException>(() => failed);
        }

        Assert.Equal(3, _transport.Sent); // None of theirs was tried.
    }

    [Fact]
    public async Task Job_ThatIsSentTwiceAtOnce_StandsInTheMessageOnce()
    {
        var (job, other) = (New(), New());
        var sent = Send(New());
        await _transport.BlockedAsync(Cancellation);
        Task[] waiting = [Send(job), Send(other), Send(job)];

        _transport.Open();
        await Task.WhenAll([sent, .. waiting]);

        Assert.Equal([job.Id, other.Id], (await MessagesAsync())[1]);
    }

    [Fact]
    public async Task Types_DoNotWaitForEachOther()
    {
        var spin = Send(New());
        await _transport.BlockedAsync(Cancellation);

        var other = _batcher.SendAsync("other", New(), Cancellation);
        await _transport.BlockedAsync(Cancellation);

        _transport.Open();
        await Task.WhenAll(spin, other);
    }

    private static AcceptedJob New(int bytes = 60)
        => new(JobId.New(TimeProvider.System, 1), System.Text.Encoding.UTF8.GetBytes($"\"{new string('x', bytes - 2)}\""), null, IsShort: true);

    private static List<AcceptedJob> New(int count, int bytes) => [.. Enumerable.Range(0, count).Select(_ => New(bytes: bytes))];

    private Task Send(AcceptedJob job) => _batcher.SendAsync("spin", job, Cancellation);

    private async Task<List<IReadOnlyList<JobId>>> MessagesAsync()
        => [.. (await _queue.ReceiveMessagesAsync(32, cancellationToken: Cancellation)).Value.Select(message => Messages.Ids(message.Body.ToString()))];
}
