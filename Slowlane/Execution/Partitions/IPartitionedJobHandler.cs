using System.Text.Json;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution.Partitions;

/// <summary>A registered type whose jobs have parts.</summary>
internal interface IPartitionedJobHandler
{
    /// <summary>Fetches one part in the holder's snapshot and computes it on the lane.</summary>
    /// <exception cref="JobException">The job can't succeed; also where the role lacks a grant.</exception>
    /// <exception cref="PartitionRunLostException">The snapshot is gone: its holder is, or has lost its connection.</exception>
    Task<byte[]> RunPartAsync(JsonElement input, string range, string snapshot, Attempt attempt);
}
