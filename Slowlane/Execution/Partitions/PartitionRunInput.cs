namespace Slowlane.Execution.Partitions;

/// <summary>The input of an attempt's orchestration. Every worker can process it, because the job's input is in the job's row.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Fence">The coordinator's fencing token, which identifies the attempt.</param>
/// <param name="Snapshot">The snapshot that every partition reads.</param>
/// <param name="Ranges">One range for each partition.</param>
/// <param name="Trace">The trace of the attempt, if any. The durable extension does not pass it on by itself.</param>
internal sealed record PartitionRunInput(string Job, long Fence, string Snapshot, IReadOnlyList<string> Ranges, string? Trace = null)
{
    /// <summary>Returns the input of one partition.</summary>
    public PartitionInput Of(int part) => new(Job, Fence, Snapshot, part, Ranges[part], Trace);
}

/// <summary>The input of one partition.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Fence">The coordinator's fencing token.</param>
/// <param name="Snapshot">The snapshot that the partition reads.</param>
/// <param name="Part">The partition's number, from 0.</param>
/// <param name="Range">The partition's range, as the job's type wrote it.</param>
/// <param name="Trace">The trace of the attempt, if any.</param>
public sealed record PartitionInput(string Job, long Fence, string Snapshot, int Part, string Range, string? Trace = null);
