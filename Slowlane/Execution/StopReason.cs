namespace Slowlane.Execution;

/// <summary>Why an attempt was told to stop.</summary>
internal enum StopReason
{
    /// <summary>The attempt was not told to stop.</summary>
    None,

    /// <summary>The process is stopping.</summary>
    Shutdown,

    /// <summary>The worker has lost the job's lease.</summary>
    LeaseLost,

    /// <summary>A caller requested the job's cancellation.</summary>
    Cancelled,

    /// <summary>A step took longer than the type's time limit.</summary>
    TimeLimit,
}
