using System.Threading.Channels;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Slowlane.Tests.Fixtures;

/// <summary>Holds each message on its way to a real queue until the test lets it go or fail.</summary>
internal sealed class BlockingTransport : HttpPipelineTransport, IDisposable
{
    private readonly HttpClientTransport _inner = new();
    private readonly SemaphoreSlim _held = new(0);
    private readonly Channel<Exception?> _verdicts = Channel.CreateUnbounded<Exception?>();

    private int _sent;

    /// <summary>How many tries of messages came here.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Waits until another message is held.</summary>
    public Task BlockedAsync(CancellationToken cancellationToken) => _held.WaitAsync(cancellationToken);

    public void LetGo() => _verdicts.Writer.TryWrite(null);

    public void Fail(Exception failure) => _verdicts.Writer.TryWrite(failure);

    /// <summary>Holds no message any more.</summary>
    public void Open() => _verdicts.Writer.Complete();

    public override Request CreateRequest() => _inner.CreateRequest();

    public override void Process(HttpMessage message) => _inner.Process(message);

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        if (message.Request.Method == RequestMethod.Post)
        {
            Interlocked.Increment(ref _sent);
            _held.Release();
            if (await _verdicts.Reader.WaitToReadAsync(message.CancellationToken) && _verdicts.Reader.TryRead(out var verdict) && verdict is not null)
            {
                throw verdict;
            }
        }

        await _inner.ProcessAsync(message);
    }

    public void Dispose()
    {
        _inner.Dispose();
        _held.Dispose();
    }
}
