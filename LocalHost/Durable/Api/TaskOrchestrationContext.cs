using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Durable.Replay;

namespace Microsoft.DurableTask;

/// <summary>What an orchestrator does everything with. Its code runs from the start again at each step: it must do the same each time.</summary>
public abstract class TaskOrchestrationContext
{
    /// <summary>The orchestrator's name.</summary>
    public abstract TaskName Name { get; }

    /// <summary>The instance's id.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The time of this step, the same whenever it is repeated.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>Whether the code repeats what it did before.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>Makes the loggers that the replay-safe ones write to.</summary>
    protected abstract ILoggerFactory LoggerFactory { get; }

    /// <summary>The orchestration's input.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    public abstract T? GetInput<T>();

    /// <summary>Runs an activity.</summary>
    /// <param name="name">The activity's name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">How it is run.</param>
    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) => CallActivityAsync<object>(name, input, options);

    /// <summary>Runs an activity without input.</summary>
    /// <param name="name">The activity's name.</param>
    /// <param name="options">How it is run.</param>
    public virtual Task CallActivityAsync(TaskName name, TaskOptions options) => CallActivityAsync(name, null, options);

    /// <summary>Runs an activity without input for its result.</summary>
    /// <param name="name">The activity's name.</param>
    /// <param name="options">How it is run.</param>
    /// <typeparam name="TResult">The result's type.</typeparam>
    public virtual Task<TResult> CallActivityAsync<TResult>(TaskName name, TaskOptions options) => CallActivityAsync<TResult>(name, null, options);

    /// <summary>Runs an activity for its result.</summary>
    /// <param name="name">The activity's name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">How it is run.</param>
    /// <typeparam name="TResult">The result's type.</typeparam>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    /// <summary>Waits.</summary>
    /// <param name="delay">How long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) => CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>Waits until a time.</summary>
    /// <param name="fireAt">The time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>Waits for an event that a client raises; one that came before is not lost.</summary>
    /// <param name="eventName">The event's name; its case does not count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <typeparam name="T">The event's type.</typeparam>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>Waits for an event, and no longer than a time: then the task is cancelled.</summary>
    /// <param name="eventName">The event's name; its case does not count.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <typeparam name="T">The event's type.</typeparam>
    public Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout) => WaitForExternalEvent<T>(eventName, timeout, CancellationToken.None);

    /// <summary>Waits for an event, and no longer than a time: then the task is cancelled.</summary>
    /// <param name="eventName">The event's name; its case does not count.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <typeparam name="T">The event's type.</typeparam>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timerEnd = new CancellationTokenSource();
        using var eventEnd = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = CreateTimer(timeout, timerEnd.Token);
        var raised = WaitForExternalEvent<T>(eventName, eventEnd.Token);
        var winner = await Task.WhenAny(timer, raised);
#pragma warning disable CA1849, MA0042 // An orchestrator goes on on its own thread; a cancellation that it awaited would go elsewhere.
        (winner == raised ? timerEnd : eventEnd).Cancel();
#pragma warning restore CA1849, MA0042
        return await raised;
    }

    /// <summary>Sets what a client reads as the custom status.</summary>
    /// <param name="customStatus">The status, at most 16 KB as JSON.</param>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>A GUID that is the same whenever the code is repeated.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that is silent while the code is repeated.</summary>
    /// <param name="categoryName">The category.</param>
    public virtual ILogger CreateReplaySafeLogger(string categoryName) => new ReplaySafeLogger(this, LoggerFactory.CreateLogger(categoryName));

    /// <summary>A logger that is silent while the code is repeated.</summary>
    /// <param name="type">Names the category.</param>
    public virtual ILogger CreateReplaySafeLogger(Type type) => new ReplaySafeLogger(this, LoggerFactory.CreateLogger(type));

    /// <summary>A logger that is silent while the code is repeated.</summary>
    /// <typeparam name="T">Names the category.</typeparam>
    public virtual ILogger CreateReplaySafeLogger<T>() => new ReplaySafeLogger(this, LoggerFactory.CreateLogger<T>());
}
