namespace Microsoft.Azure.Functions.Worker;

/// <summary>When a timer ran and will run, in UTC.</summary>
public sealed class ScheduleStatus
{
    /// <summary>The occurrence before; the default value when there was none.</summary>
    public DateTime Last { get; set; }

    /// <summary>The occurrence to come.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this was written.</summary>
    public DateTime LastUpdated { get; set; }
}
