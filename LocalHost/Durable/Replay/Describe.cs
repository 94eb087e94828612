using System.Globalization;

namespace Slowlane.LocalHost.Durable.Replay;

/// <summary>Says of a task what it is.</summary>
internal static class Describe
{
    public static string Action(HistoryEvent action) => action.Kind is EventKind.TimerCreated
        ? string.Create(CultureInfo.InvariantCulture, $"timer #{action.TaskId}")
        : string.Create(CultureInfo.InvariantCulture, $"activity '{action.Name}' #{action.TaskId}");
}
