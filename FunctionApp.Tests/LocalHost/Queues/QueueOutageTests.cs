using System.Net.Sockets;
using Azure;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Queues;
using Xunit;

namespace Slowlane.Tests.LocalHost.Queues;

public sealed class QueueOutageTests
{
    private readonly Lines _lines = new();

    [Fact]
    public void Outage_OfSeveralQueues_IsToldOnceAndItsEndOnceWhenAllAreBack()
    {
        var outage = new QueueOutage(_lines);
        var refused = new RequestFailedException("Connection refused (127.0.0.1:1)");

        outage.Begin("jobs", refused);
        outage.Begin("jobs-poison", refused);
        outage.Begin("jobs", refused);
        Assert.Equal("Queue 'jobs' can't be reached: Connection refused (127.0.0.1:1). Trying on.", Assert.Single(_lines.Said));

        outage.End("jobs");
        Assert.Single(_lines.Said);
        outage.End("jobs-poison");
        outage.End("jobs-poison");
        Assert.Equal("The queues are reached again.", _lines.Said[1]);
        Assert.Equal(2, _lines.Said.Count);
    }

    [Fact]
    public void Reason_OfSeveralAttempts_IsTheFirstLineOfTheLast()
    {
        var refused = new RequestFailedException("Connection refused (127.0.0.1:1)", new SocketException((int)SocketError.ConnectionRefused));

        Assert.Equal("Connection refused (127.0.0.1:1)", QueueOutage.Reason(new AggregateException("Retry failed after 5 tries.", refused, refused)));
        Assert.Equal("Service unavailable", QueueOutage.Reason(new RequestFailedException("Service unavailable.\nRequestId: 1\nTime: now")));
    }

    private sealed class Lines : ILogger<QueueOutage>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Said.Add(formatter(state, exception));
    }
}
