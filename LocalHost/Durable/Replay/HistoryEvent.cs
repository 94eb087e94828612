using Microsoft.DurableTask;

namespace Slowlane.LocalHost.Durable.Replay;

/// <summary>What can happen in an orchestration. The names are stored.</summary>
internal enum EventKind
{
    /// <summary>A step begins: it sets the orchestration's clock.</summary>
    EpisodeStarted,

    ExecutionStarted,

    TaskScheduled,

    TaskCompleted,

    TaskFailed,

    TimerCreated,

    TimerFired,

    EventRaised,

    ExecutionCompleted,

    ExecutionFailed,

    ExecutionTerminated,
}

/// <summary>Something that happened in an orchestration.</summary>
/// <param name="Kind">What.</param>
internal sealed record HistoryEvent(EventKind Kind)
{
    /// <summary>When: the orchestration's clock at <see cref="EventKind.EpisodeStarted"/>.</summary>
    public DateTime At { get; init; }

    /// <summary>The number of the task or timer that it is about.</summary>
    public int? TaskId { get; init; }

    /// <summary>The activity's or the event's name.</summary>
    public string? Name { get; init; }

    /// <summary>Input, result or payload as JSON.</summary>
    public string? Data { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    /// <summary>When a timer is due.</summary>
    public DateTime? FireAt { get; init; }

    public static HistoryEvent EpisodeStarted(DateTime at) => new(EventKind.EpisodeStarted) { At = at };

    public static HistoryEvent ExecutionStarted() => new(EventKind.ExecutionStarted);

    public static HistoryEvent TaskScheduled(int id, string name, string? input) => new(EventKind.TaskScheduled) { TaskId = id, Name = name, Data = input };

    public static HistoryEvent TaskCompleted(int id, string? result) => new(EventKind.TaskCompleted) { TaskId = id, Data = result };

    public static HistoryEvent TaskFailed(int id, TaskFailureDetails failure) => new(EventKind.TaskFailed) { TaskId = id, Failure = failure };

    public static HistoryEvent TimerCreated(int id, DateTime fireAt) => new(EventKind.TimerCreated) { TaskId = id, FireAt = fireAt };

    public static HistoryEvent TimerFired(int id) => new(EventKind.TimerFired) { TaskId = id };

    public static HistoryEvent EventRaised(string name, string? payload) => new(EventKind.EventRaised) { Name = name, Data = payload };

    public static HistoryEvent ExecutionCompleted(string? output) => new(EventKind.ExecutionCompleted) { Data = output };

    public static HistoryEvent ExecutionFailed(TaskFailureDetails failure) => new(EventKind.ExecutionFailed) { Failure = failure };
}
