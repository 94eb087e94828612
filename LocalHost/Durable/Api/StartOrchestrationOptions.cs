namespace Microsoft.DurableTask;

/// <summary>How an orchestration is started.</summary>
public record StartOrchestrationOptions
{
    /// <param name="InstanceId">The instance's id; one is made when none is given.</param>
    /// <param name="StartAt">Not before this time; at once when none is given.</param>
#pragma warning disable IDE1006 // The official names, for who names its arguments.
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
#pragma warning restore IDE1006
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    /// <param name="options">The options to copy.</param>
    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
    }

    /// <summary>The instance's id; one is made when none is given.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Not before this time; at once when none is given.</summary>
    public DateTimeOffset? StartAt { get; init; }
}
