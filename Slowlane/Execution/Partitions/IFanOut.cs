using Slowlane.Jobs;

namespace Slowlane.Execution.Partitions;

/// <summary>Has the parts of an attempt computed by whichever workers are free.</summary>
internal interface IFanOut
{
    /// <summary>Returns what the parts came to, in the order of their ranges.</summary>
    /// <param name="ranges">A part each.</param>
    /// <param name="snapshot">What every part reads; it must stay open meanwhile.</param>
    /// <param name="context">The attempt's: told the progress, and ending the parts by its token.</param>
    /// <exception cref="JobException">A part said why the job can't succeed.</exception>
    Task<IReadOnlyList<byte[]>> ComputeAsync(IReadOnlyList<string> ranges, Snapshot snapshot, JobContext context);
}
