using Slowlane.Jobs;

namespace Slowlane.Execution.Partitions;

/// <summary>Has the partitions of an attempt computed by whichever workers are free.</summary>
internal interface IFanOut
{
    /// <summary>Returns what the partitions came to, in the order of their ranges. The attempt's token ends them.</summary>
    /// <param name="ranges">A partition each.</param>
    /// <param name="snapshot">What every partition reads; it must stay open meanwhile.</param>
    /// <exception cref="JobException">A partition said why the job can't succeed.</exception>
    Task<IReadOnlyList<byte[]>> ComputeAsync(IReadOnlyList<string> ranges, Snapshot snapshot);
}
