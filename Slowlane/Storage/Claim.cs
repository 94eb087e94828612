using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>A job that this worker has claimed. The claim is valid until the lease ends, and only for writes that carry its fencing token.</summary>
internal sealed record Claim(JobId Id, JobDefinition Type, int Attempt, long Fence, int Outages, string? Input, string? Blob)
{
    /// <summary>The trace that the job belongs to (<see cref="Telemetry.JobTrace"/>), if any.</summary>
    public string? Trace { get; init; }

    /// <summary>How long the job waited after it was due.</summary>
    public TimeSpan Waited { get; init; }
}
