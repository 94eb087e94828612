namespace Slowlane.LocalHost.Durable.Replay;

/// <summary>Runs an orchestrator's continuations on the thread of its step, one after the other. What comes from another thread was never durable.</summary>
internal sealed class OrchestratorThread : SynchronizationContext
{
    public const string IllegalAwait =
        "An invalid asynchronous invocation was detected. This can be caused by awaiting non-durable tasks in an orchestrator function's implementation or by middleware that invokes asynchronous code.";

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _continuations = new();
    private volatile bool _ended;
    private volatile bool _invaded;

    /// <summary>Whether something tried to go on here from another thread.</summary>
    public bool Invaded => _invaded;

    /// <summary>Calls <paramref name="step"/> as this context, then what it left to do.</summary>
    public void Run(Action step)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            step();
            while (_continuations.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>From here on nothing runs.</summary>
    public void End() => _ended = true;

    /// <exception cref="InvalidOperationException">The caller is not the orchestrator's code in its step.</exception>
    public void Require()
    {
        if (_ended || Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException(IllegalAwait);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _invaded = true;
        }
        else if (!_ended)
        {
            _continuations.Enqueue((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new InvalidOperationException(IllegalAwait);

    public override SynchronizationContext CreateCopy() => this;
}
