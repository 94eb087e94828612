namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function is told about its run.</summary>
public sealed class TimerInfo
{
    /// <summary>When it ran and will run.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether this run is late.</summary>
    public bool IsPastDue { get; set; }
}
