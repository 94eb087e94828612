namespace Microsoft.DurableTask.Client;

/// <summary>An orchestration as a client sees it.</summary>
/// <param name="name">The orchestrator's name.</param>
/// <param name="instanceId">The instance's id.</param>
public sealed class OrchestrationMetadata(string name, string instanceId)
{
    /// <summary>The orchestrator's name.</summary>
    public string Name { get; } = name;

    /// <summary>The instance's id.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>Reads input, output and custom status; null when they were not asked for.</summary>
    public DataConverter? DataConverter { get; init; }

    /// <summary>Where it is.</summary>
    public OrchestrationRuntimeStatus RuntimeStatus { get; init; }

    /// <summary>When it was scheduled.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last did something.</summary>
    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>Its input as JSON.</summary>
    public string? SerializedInput { get; init; }

    /// <summary>Its output as JSON.</summary>
    public string? SerializedOutput { get; init; }

    /// <summary>Its custom status as JSON.</summary>
    public string? SerializedCustomStatus { get; init; }

    /// <summary>Why it failed.</summary>
    public TaskFailureDetails? FailureDetails { get; init; }

    /// <summary>Whether it began and has not ended.</summary>
    public bool IsRunning => RuntimeStatus == OrchestrationRuntimeStatus.Running;

    /// <summary>Whether it ended, in whatever way.</summary>
    public bool IsCompleted => RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>Its input.</summary>
    /// <typeparam name="T">The input's type.</typeparam>
    public T? ReadInputAs<T>() => Read<T>(SerializedInput, "input");

    /// <summary>Its output.</summary>
    /// <typeparam name="T">The output's type.</typeparam>
    public T? ReadOutputAs<T>() => Read<T>(SerializedOutput, "output");

    /// <summary>Its custom status.</summary>
    /// <typeparam name="T">The status's type.</typeparam>
    public T? ReadCustomStatusAs<T>() => Read<T>(SerializedCustomStatus, "custom status");

    private T? Read<T>(string? data, string what) => DataConverter is { } converter
        ? converter.Deserialize<T>(data)
        : throw new InvalidOperationException($"The {what} was not fetched: ask for the instance with getInputsAndOutputs: true.");
}
