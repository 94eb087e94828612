using Slowlane.Jobs;

namespace Slowlane.Execution.Partitions;

/// <summary>Has the partitions of an attempt computed by any free workers.</summary>
internal interface IFanOut
{
    /// <summary>Returns the partitions' states, in the order of their ranges. The attempt's token stops them.</summary>
    /// <param name="ranges">One range for each partition.</param>
    /// <param name="snapshot">The snapshot that every partition reads. It must stay open meanwhile.</param>
    /// <exception cref="JobException">The type reported in a partition that the job can't succeed.</exception>
    Task<IReadOnlyList<byte[]>> ComputeAsync(IReadOnlyList<string> ranges, Snapshot snapshot);
}
