using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Slowlane.LocalHost.Durable.Replay;

/// <summary>What an orchestrator sees of its step: the tasks it began, the events it waits for, the clock.</summary>
internal sealed class ReplayContext(Episode episode, OrchestratorThread thread, DataConverter converter, ILoggerFactory loggers) : TaskOrchestrationContext
{
    private readonly Dictionary<int, (string Name, TaskCompletionSource<string?> Source)> _open = [];
    private readonly SortedDictionary<int, HistoryEvent> _actions = [];
    private readonly ExternalEvents _events = new(converter);
    private DateTime _now;
    private bool _replaying = true;
    private int _nextTask;
    private int _nextGuid;
    private object? _customStatus;

    public override TaskName Name => episode.Name;

    public override string InstanceId => episode.InstanceId;

    public override DateTime CurrentUtcDateTime
    {
        get
        {
            thread.Require();
            return _now;
        }
    }

    public override bool IsReplaying => _replaying;

    protected override ILoggerFactory LoggerFactory => loggers;

    /// <summary>What the orchestrator began and the history does not say yet.</summary>
    public IReadOnlyCollection<HistoryEvent> Actions => _actions.Values;

    /// <summary>Whether it waits for anything that can come.</summary>
    public bool Waits => _open.Values.Any(static task => !task.Source.Task.IsCompleted) || _events.Awaited;

    public string? CustomStatus => converter.Serialize(_customStatus);

    public override T? GetInput<T>()
        where T : default
        => converter.Deserialize<T>(episode.Input);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        thread.Require();
        ArgumentException.ThrowIfNullOrEmpty(name.Name, nameof(name));
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException("TaskOptions were given as the activity's input, and none as its options: name the argument, options.", nameof(input));
        }

        var data = converter.Serialize(input);
        var began = _now;
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return converter.Deserialize<TResult>(await BeginAsync(id => HistoryEvent.TaskScheduled(id, name, data)))!;
            }
            catch (TaskFailedException failed) when (options?.Retry?.Policy is { } policy && Retries.Next(policy, attempts, _now - began, failed.FailureDetails) is { } wait)
            {
                await CreateTimer(_now + wait, CancellationToken.None);
            }
        }
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        thread.Require();
        await BeginAsync(id => HistoryEvent.TimerCreated(id, fireAt.ToUniversalTime()), cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        thread.Require();
        return _events.WaitAsync<T>(eventName, cancellationToken);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        thread.Require();
        _customStatus = customStatus;
    }

    public override Guid NewGuid()
    {
        thread.Require();
        return DeterministicGuid.Create(InstanceId, _now, _nextGuid++);
    }

    public void BeginStep(DateTime now, bool replaying) => (_now, _replaying) = (now, replaying);

    /// <summary>Takes what the history says was begun off the list of what is to begin; null when they agree, else what the code did.</summary>
    public string? Confirm(HistoryEvent begun)
    {
        if (!_actions.Remove(begun.TaskId!.Value, out var action))
        {
            return "nothing";
        }

        return action.Kind == begun.Kind && string.Equals(action.Name, begun.Name, StringComparison.OrdinalIgnoreCase) ? null : Describe.Action(action);
    }

    /// <summary>Ends a task or timer; one that the orchestrator gave up, or that ended before, is passed over.</summary>
    public void Settle(HistoryEvent end)
    {
        if (!_open.Remove(end.TaskId!.Value, out var task))
        {
            return;
        }

        if (end.Kind is EventKind.TaskFailed)
        {
            task.Source.TrySetException(new TaskFailedException(task.Name, end.TaskId.Value, end.Failure!));
        }
        else
        {
            task.Source.TrySetResult(end.Data);
        }
    }

    public void Raise(HistoryEvent raised) => _events.Raise(raised.Name!, raised.Data);

    private async Task<string?> BeginAsync(Func<int, HistoryEvent> action, CancellationToken cancellationToken = default)
    {
        var id = _nextTask++;
        var begun = _actions[id] = action(id);
        var source = new TaskCompletionSource<string?>();
        _open[id] = (begun.Name ?? "timer", source);
#pragma warning disable MA0042 // Waiting for a callback that is under way would leave the orchestrator's thread.
        using var giveUp = cancellationToken.Register(() => source.TrySetCanceled(cancellationToken));
#pragma warning restore MA0042
        return await source.Task;
    }
}
