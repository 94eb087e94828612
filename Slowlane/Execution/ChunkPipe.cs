using System.Threading.Channels;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Passes chunks from an asynchronous fetch to a computing thread, a few at a time.</summary>
internal sealed class ChunkPipe<TChunk> : IDisposable
{
    private const int ChunksBetween = 4;

    private readonly Channel<TChunk> _channel = Channel.CreateBounded<TChunk>(new BoundedChannelOptions(ChunksBetween)
    {
        SingleReader = true,
        SingleWriter = true,
    });

    private readonly CancellationTokenSource _stop;
    private readonly Task _pump;
    private int _reads;

    private ChunkPipe(Func<CancellationToken, IAsyncEnumerable<TChunk>> fetch, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _pump = PumpAsync(fetch(_stop.Token), _stop.Token);
    }

    public static ChunkPipe<TChunk> Start(Func<CancellationToken, IAsyncEnumerable<TChunk>> fetch, CancellationToken cancellationToken)
        => new(fetch, cancellationToken);

    /// <summary>Reads the chunks, once. The calling thread may block. The exception of a failed fetch is thrown here.</summary>
    /// <exception cref="InvalidOperationException">They were read before: they are not kept.</exception>
    public IEnumerable<TChunk> Read()
    {
        if (Interlocked.Exchange(ref _reads, 1) > 0)
        {
            throw new InvalidOperationException("The chunks can be enumerated once, since they are not kept; take what the computation needs in one pass.");
        }

        while (_channel.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_channel.Reader.TryRead(out var chunk))
            {
                yield return chunk;
            }
        }
    }

    /// <summary>Stops the fetch, and blocks until it no longer uses its connection.</summary>
    public void Dispose()
    {
        _stop.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult(); // Callbacks of the token run on the pool, and may throw.
        _pump.GetAwaiter().GetResult();
        _stop.Dispose();
    }

    private async Task PumpAsync(IAsyncEnumerable<TChunk> chunks, CancellationToken cancellationToken)
    {
        using var span = Tracing.Source.StartActivity("fetch");
        try
        {
            await foreach (var chunk in chunks.WithCancellation(cancellationToken))
            {
                await _channel.Writer.WriteAsync(chunk, cancellationToken);
            }

            _channel.Writer.Complete();
        }
#pragma warning disable CA1031 // The computing thread must get any failure, because otherwise it waits for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            span.Failed(e);
            _channel.Writer.Complete(e);
        }
    }
}
