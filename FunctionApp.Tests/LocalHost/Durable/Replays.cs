using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slowlane.LocalHost.Durable;
using Slowlane.LocalHost.Durable.Replay;

namespace Slowlane.Tests.LocalHost.Durable;

/// <summary>Replays an orchestrator over a history that a test writes down.</summary>
internal static class Replays
{
    public static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public static DataConverter Json { get; } = new JsonConverter(Options.Create(new JsonSerializerOptions { PropertyNameCaseInsensitive = true }));

    /// <summary>A step of the history: when it began, and what it saw and did.</summary>
    public static HistoryEvent[] Step(int second, params HistoryEvent[] events) => [HistoryEvent.EpisodeStarted(Start.AddSeconds(second)), .. events];

    /// <summary>The first step, with what it did.</summary>
    public static HistoryEvent[] First(params HistoryEvent[] events) => Step(0, [HistoryEvent.ExecutionStarted(), .. events]);

    public static Decision Decide(Func<TaskOrchestrationContext, Task<object?>> orchestrator, HistoryEvent[] past, HistoryEvent[] news, string? input = null, ILoggerFactory? loggers = null)
    {
        var replayer = new Replayer(new Episode("Test", "one", input, past, news), Json, loggers ?? NullLoggerFactory.Instance);
        return replayer.Replay(() => orchestrator(replayer.Context));
    }

    /// <summary>A decision in a line: what it begins, and how it ends.</summary>
    public static string Describe(Decision decision) => string.Join(", ", [
        .. decision.Actions.Select(static action => action.Kind is EventKind.TimerCreated ? $"timer #{action.TaskId} +{(action.FireAt!.Value - Start).TotalSeconds}s" : $"{action.Name} #{action.TaskId} {action.Data}"),
        .. decision.End is { } end ? [$"{end.Kind} {end.Data ?? end.Failure?.ErrorMessage}"] : Array.Empty<string>(),
    ]);
}
