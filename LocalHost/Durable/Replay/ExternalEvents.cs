using Microsoft.DurableTask;

namespace Slowlane.LocalHost.Durable.Replay;

/// <summary>Events that clients raised, and who waits for them: the last waiter first, as officially, so that one who was given up doesn't matter.</summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private readonly Dictionary<string, Stack<IWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<string?>> _unread = new(StringComparer.OrdinalIgnoreCase);

    private interface IWaiter
    {
        Type Type { get; }

        bool Waits { get; }

        void Receive(object? value);
    }

    /// <summary>Whether anybody waits.</summary>
    public bool Awaited => _waiters.Values.Any(static stack => stack.Any(static waiter => waiter.Waits));

    public Task<T> WaitAsync<T>(string name, CancellationToken cancellationToken)
    {
        var waiters = Of(_waiters, name);
        if (waiters.TryPeek(out var last) && last.Type != typeof(T))
        {
            throw new ArgumentException($"Events with the same name must have the same type argument. Expected {last.Type.FullName} but was requested {typeof(T).FullName}.", nameof(name));
        }

        var waiter = new Waiter<T>();
        waiters.Push(waiter);
        if (_unread.TryGetValue(name, out var unread) && unread.TryDequeue(out var payload))
        {
            Raise(name, payload);
        }

        cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
        return waiter.Task;
    }

    public void Raise(string name, string? payload)
    {
        if (Of(_waiters, name).TryPop(out var waiter))
        {
            waiter.Receive(converter.Deserialize(payload, waiter.Type));
        }
        else
        {
            Of(_unread, name).Enqueue(payload);
        }
    }

    private static TCollection Of<TCollection>(Dictionary<string, TCollection> collections, string name)
        where TCollection : new()
        => collections.TryGetValue(name, out var found) ? found : collections[name] = new TCollection();

    private sealed class Waiter<T> : TaskCompletionSource<T>, IWaiter
    {
        public Type Type => typeof(T);

        public bool Waits => !Task.IsCompleted;

        public void Receive(object? value) => TrySetResult(value is null ? default! : (T)value);
    }
}
