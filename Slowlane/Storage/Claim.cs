using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>A job that is ours: until the lease ends, and only for writes that carry this fencing token.</summary>
internal sealed record Claim(JobId Id, JobDefinition Type, int Attempt, long Fence, int Outages, string? Input, string? Blob)
{
    /// <summary>The trace it belongs to (<see cref="Telemetry.JobTrace"/>), if any.</summary>
    public string? Trace { get; init; }

    /// <summary>How long it waited since it could have run.</summary>
    public TimeSpan Waited { get; init; }
}
