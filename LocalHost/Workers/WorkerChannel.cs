using System.Collections.Concurrent;
using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Protocol;

namespace Slowlane.LocalHost.Workers;

/// <summary>The communication with one worker process: the handshake, then invocations until its stream ends.</summary>
internal sealed class WorkerChannel(string id, AppFolder app, WorkerLog log, TimeSpan functionLimit, TimeProvider time)
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _invocations = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<IReadOnlyList<RpcFunctionMetadata>> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _overdue = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WorkerHandshake _handshake = new(app);
    private int _inFlight;

    /// <summary>The id by which the process identifies itself.</summary>
    public string Id => id;

    /// <summary>The functions of the app. Completes when the worker can run them.</summary>
    public Task<IReadOnlyList<RpcFunctionMetadata>> Ready => _ready.Task;

    /// <summary>Completes when the worker's stream has ended.</summary>
    public Task Ended => _end.Task;

    /// <summary>Completes with a sentence when a function exceeds its time limit. The platform then ends the worker process with all that it runs.</summary>
    public Task<string> Overdue => _overdue.Task;

    /// <summary>The address of the worker's own HTTP server. Null if its app has no ASP.NET Core integration.</summary>
    public string? HttpAddress => _handshake.HttpAddress;

    /// <summary>The number of invocations without an answer.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether the worker accepts invocations.</summary>
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

    /// <summary>Runs a function and returns the worker's answer.</summary>
    /// <param name="request">The invocation, with a unique id.</param>
    /// <param name="cancellationToken">Requests the function to stop. The method still waits for its answer.</param>
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
            return await AnswerAsync(answer.Task, request.FunctionId);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            _invocations.TryRemove(request.InvocationId, out _);
        }
    }

    /// <summary>Requests the worker to end within the given time.</summary>
    public void Terminate(TimeSpan grace)
        => Send(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = Duration.FromTimeSpan(grace) } });

    /// <summary>Fails all invocations that have no answer.</summary>
    public void End(string reason)
    {
        _end.TrySetResult(); // This comes first, so that a later invocation fails by itself.
        _outgoing.Writer.TryComplete();
        _ready.TrySetException(new WorkerProcessExitException(reason));
        _ = _ready.Task.Exception; // Marks the exception as observed, because there may be no waiter.
        foreach (var (_, answer) in _invocations)
        {
            answer.TrySetException(new WorkerProcessExitException(reason));
        }
    }

    private async Task<InvocationResponse> AnswerAsync(Task<InvocationResponse> answer, string function)
    {
        try
        {
            return await answer.WaitAsync(functionLimit, time);
        }
        catch (TimeoutException)
        {
            var name = _handshake.Functions.First(described => string.Equals(described.FunctionId, function, StringComparison.Ordinal)).Name;
            _overdue.TrySetResult($"the function {name} runs longer than functionTimeout in host.json, {functionLimit}: its process is ended with all that it runs");
            return await answer;
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
            outgoing.WriteOptions = _outgoing.Reader.TryPeek(out _) ? more : WriteOptions.Default; // One flush sends all waiting messages.
            await outgoing.WriteAsync(message, cancellationToken);
        }
    }
}
