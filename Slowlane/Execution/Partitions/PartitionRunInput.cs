namespace Slowlane.Execution.Partitions;

/// <summary>What the orchestration of an attempt is started with. Every worker can act on it: the input is in the job's row.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Fence">The holder's fencing token: which attempt it is.</param>
/// <param name="Snapshot">What every part reads.</param>
/// <param name="Ranges">A part each.</param>
/// <param name="Trace">The trace of the attempt, if any: the durable extension carries none unless it is told to.</param>
internal sealed record PartitionRunInput(string Job, long Fence, string Snapshot, IReadOnlyList<string> Ranges, string? Trace = null)
{
    /// <summary>A part's own order.</summary>
    public PartitionInput Of(int part) => new(Job, Fence, Snapshot, part, Ranges[part], Trace);
}

/// <summary>What one part is computed by.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Fence">The holder's fencing token.</param>
/// <param name="Snapshot">What it reads.</param>
/// <param name="Part">Which it is, from 0.</param>
/// <param name="Range">What the job's type made of it.</param>
/// <param name="Trace">The trace of the attempt, if any.</param>
public sealed record PartitionInput(string Job, long Fence, string Snapshot, int Part, string Range, string? Trace = null);
