namespace Slowlane.LocalHost.Durable.Replay;

/// <summary>One step of an orchestration: what happened before, and what is new.</summary>
/// <param name="Name">The orchestrator's name.</param>
/// <param name="InstanceId">The instance's id.</param>
/// <param name="Input">Its input as JSON.</param>
/// <param name="Past">The history so far.</param>
/// <param name="News">What happened since: it begins with <see cref="EventKind.EpisodeStarted"/>.</param>
internal sealed record Episode(string Name, string InstanceId, string? Input, IReadOnlyList<HistoryEvent> Past, IReadOnlyList<HistoryEvent> News);

/// <summary>What an orchestrator decided in a step.</summary>
/// <param name="Actions">Activities and timers to begin, in the order of their numbers.</param>
/// <param name="End">How it ended; null while it goes on.</param>
/// <param name="CustomStatus">The status it set, as JSON.</param>
internal sealed record Decision(IReadOnlyList<HistoryEvent> Actions, HistoryEvent? End, string? CustomStatus);
