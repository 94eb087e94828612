using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Workers.Protocol;

namespace Slowlane.LocalHost.Workers;

/// <summary>The conversation with one worker process: the handshake, then invocations until its stream ends.</summary>
internal sealed class WorkerChannel(string id, AppFolder app, WorkerLog log)
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _invocations = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<IReadOnlyList<RpcFunctionMetadata>> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WorkerHandshake _handshake = new(app);
    private int _inFlight;

    /// <summary>What the process says it is.</summary>
    public string Id => id;

    /// <summary>The functions of the app, once the worker can run them.</summary>
    public Task<IReadOnlyList<RpcFunctionMetadata>> Ready => _ready.Task;

    /// <summary>Completes when no more is heard of the worker.</summary>
    public Task Ended => _end.Task;

    /// <summary>The worker's own HTTP server; null when its app has no ASP.NET Core integration.</summary>
    public string? HttpAddress => _handshake.HttpAddress;

    /// <summary>Invocations that are not answered yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether it takes invocations.</summary>
    public bool IsOpen => _ready.Task.IsCompletedSuccessfully && !_end.Task.IsCompleted;

    /// <summary>Reads and writes the worker's stream to its end.</summary>
    public async Task RunAsync(IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellationToken)
    {
        var writing = WriteAsync(outgoing, cancellationToken);
        Send(_handshake.Begin());
        try
        {
            while (await incoming.MoveNext(cancellationToken))
            {
                Receive(incoming.Current);
            }
        }
        finally
        {
            End("The worker ended, or its stream to this host, before it answered.");
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs a function and returns what the worker answers.</summary>
    /// <param name="request">The invocation, under an id that nobody else uses.</param>
    /// <param name="cancellationToken">Asks the function to stop; its answer is waited for all the same.</param>
    /// <exception cref="WorkerProcessExitException">The worker ended first.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _invocations[request.InvocationId] = answer;
        Interlocked.Increment(ref _inFlight);
        try
        {
            if (_end.Task.IsCompleted || !Send(new StreamingMessage { InvocationRequest = request }))
            {
                throw new WorkerProcessExitException($"The worker {id} is gone.");
            }

            await using var cancel = cancellationToken.Register(() => Cancel(request.InvocationId));
            return await answer.Task;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            _invocations.TryRemove(request.InvocationId, out _);
        }
    }

    /// <summary>Asks the worker to end within a time.</summary>
    public void Terminate(TimeSpan grace)
        => Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    /// <summary>Fails what the worker held.</summary>
    public void End(string reason)
    {
        _end.TrySetResult(); // First: an invocation that comes from now on fails by itself.
        _outgoing.Writer.TryComplete();
        _ready.TrySetException(new WorkerProcessExitException(reason));
        _ = _ready.Task.Exception; // Observed: nobody may wait for it.
        foreach (var (_, answer) in _invocations)
        {
            answer.TrySetException(new WorkerProcessExitException(reason));
        }
    }

    private void Cancel(string invocation) => Send(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocation } });

    private bool Send(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    private void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.InvocationResponse:
                if (_invocations.TryGetValue(message.InvocationResponse.InvocationId, out var answer))
                {
                    answer.TrySetResult(message.InvocationResponse);
                }

                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                log.Write(message.RpcLog);
                break;
            default:
                Advance(message);
                break;
        }
    }

    private void Advance(StreamingMessage message)
    {
        foreach (var next in _handshake.Advance(message))
        {
            Send(next);
        }

        if (_handshake.Failure is { } failure)
        {
            _ready.TrySetException(new WorkerRefusedException(failure));
        }
        else if (_handshake.IsDone)
        {
            _ready.TrySetResult(_handshake.Functions);
        }
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellationToken)
    {
        var more = new WriteOptions(WriteFlags.BufferHint);
        await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            outgoing.WriteOptions = _outgoing.Reader.TryPeek(out _) ? more : WriteOptions.Default; // Flushed once for all that waits.
            await outgoing.WriteAsync(message, cancellationToken);
        }
    }
}
