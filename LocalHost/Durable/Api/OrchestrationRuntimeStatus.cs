namespace Microsoft.DurableTask.Client;

/// <summary>Where an orchestration is. The numbers are the official ones; the states that LocalHost never has are left out.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>It began.</summary>
    Running = 0,

    /// <summary>It ended, and has its output.</summary>
    Completed = 1,

    /// <summary>It ended by an exception.</summary>
    Failed = 3,

    /// <summary>A client ended it.</summary>
    Terminated = 5,

    /// <summary>It is to begin.</summary>
    Pending = 6,
}
