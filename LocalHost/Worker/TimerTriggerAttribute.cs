using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function on a schedule.</summary>
/// <param name="schedule">Six CRON fields beginning with seconds, a time span, or <c>%Setting%</c>.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>Six CRON fields beginning with seconds, a time span, or <c>%Setting%</c>.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Whether occurrences missed while the app was down are made up for. Ignored here: a host on one machine keeps no record of them.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether the function also runs once when the app starts.</summary>
    public bool RunOnStartup { get; set; }
}
