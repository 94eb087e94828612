namespace Slowlane.Execution;

/// <summary>Why an attempt was told to stop before its end.</summary>
internal enum StopReason
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The process is stopping.</summary>
    Shutdown,

    /// <summary>The job's lease is no longer ours.</summary>
    LeaseLost,

    /// <summary>A caller wants the job ended.</summary>
    Cancelled,

    /// <summary>It took longer than jobs of its type may.</summary>
    TimeLimit,
}
