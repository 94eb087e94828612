using System.Runtime.CompilerServices;
using Slowlane.Execution;
using Xunit;

namespace Slowlane.Tests.Execution;

[Trait("Category", "Fast")]
public sealed class ChunkPipeTests
{
    [Fact]
    public async Task Chunks_ArriveInOrder()
    {
        using var pipe = ChunkPipe<int>.Start(_ => Enumerable.Range(0, 1000).ToAsyncEnumerable(), Cancellation);

        Assert.Equal(Enumerable.Range(0, 1000), await OnAThread(() => pipe.Read().ToList()));
    }

    [Fact]
    public async Task Chunks_ReadTwice_AreRefusedAndNotJustEmpty()
    {
        using var pipe = ChunkPipe<int>.Start(_ => Enumerable.Range(0, 3).ToAsyncEnumerable(), Cancellation);
        var chunks = pipe.Read();
        await OnAThread(() => chunks.Count());

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => OnAThread(() => chunks.Sum()));

        Assert.Contains("in one pass", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_OfTheFetch_ReachesTheReader()
    {
        using var pipe = ChunkPipe<int>.Start(_ => FailAfterOne(), Cancellation);

        await Assert.ThrowsAsync<FormatException>(() => OnAThread(() => pipe.Read().ToList()));
    }

    [Fact]
    public async Task Fetch_RunsAheadByAFewChunksOnly()
    {
        var fetched = 0;
        using var pipe = ChunkPipe<int>.Start(_ => CountAsync(() => ++fetched), Cancellation);

        await OnAThread(() => pipe.Read().First());

        Assert.InRange(fetched, 1, 7); // One read, four between, one in the writer's hand, one being made.
    }

    [Fact]
    public async Task Dispose_WhileTheFetchHasMore_StopsIt()
    {
        var ended = false;
        var pipe = ChunkPipe<int>.Start(cancellationToken => ForeverAsync(() => ended = true, cancellationToken), Cancellation);

        await OnAThread(() => { pipe.Dispose(); return true; });

        Assert.True(ended);
    }

    [Fact]
    public async Task Dispose_OfAFetchWhoseCallbackThrows_WaitsForItAllTheSame()
    {
        var ended = false;
        var pipe = ChunkPipe<int>.Start(cancellationToken => ThrowingAsync(() => ended = true, cancellationToken), Cancellation);
        await OnAThread(() => pipe.Read().First());

        await OnAThread(() =>
        {
            pipe.Dispose();
            return true;
        });

        Assert.True(ended);
    }

    private static async IAsyncEnumerable<int> ThrowingAsync(Action onEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() => throw new InvalidOperationException("callback"));
        try
        {
            yield return 0;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            onEnd();
        }
    }

    private static Task<T> OnAThread<T>(Func<T> read) => Task.Factory.StartNew(read, Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static async IAsyncEnumerable<int> FailAfterOne()
    {
        yield return 1;
        await Task.Yield();
        throw new FormatException();
    }

    private static async IAsyncEnumerable<int> CountAsync(Func<int> next)
    {
        while (true)
        {
            await Task.Yield();
            yield return next();
        }
    }

    private static async IAsyncEnumerable<int> ForeverAsync(Action onEnd, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(1, cancellationToken);
                yield return 0;
            }
        }
        finally
        {
            onEnd();
        }
    }
}
