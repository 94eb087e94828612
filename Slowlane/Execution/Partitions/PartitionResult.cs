using System.Text.Json.Serialization;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution.Partitions;

/// <summary>The kinds of a partition's result.</summary>
public enum PartitionResultKind
{
    /// <summary>The partition's state is saved.</summary>
    Done,

    /// <summary>The partition's attempt was over.</summary>
    Idle,

    /// <summary>The job's type reported that the job can't succeed.</summary>
    Refused,

    /// <summary>The code of the job's type failed.</summary>
    Failed,
}

/// <summary>
/// The result of a partition, or of all partitions of a run. The state itself is in the database. A failure of the job itself is
/// returned as data. A thrown exception is an outage, after which the partition is tried again.
/// </summary>
/// <param name="Kind">The kind of the result.</param>
/// <param name="Code">Refused: the reason's name. Failed: the name of the failure.</param>
/// <param name="Title">Refused: the reason's title.</param>
/// <param name="Detail">Refused: the reason.</param>
/// <param name="IsTransient">Refused: whether another attempt may go better.</param>
public sealed record PartitionResult(
    PartitionResultKind Kind,
    string? Code = null,
    string? Title = null,
    string? Detail = null,
    // Named as earlier versions write it, because a run may begin on one version and end on another.
    [property: JsonPropertyName("MayPass")] bool IsTransient = false)
{
    internal static PartitionResult Done { get; } = new(PartitionResultKind.Done);

    internal static PartitionResult Idle { get; } = new(PartitionResultKind.Idle);

    internal static PartitionResult Refused(JobException reason) => new(PartitionResultKind.Refused, reason.Code, reason.Title, reason.Message, reason.IsTransient);

    internal static PartitionResult Failed(Exception failure) => new(PartitionResultKind.Failed, FailureName.Of(failure));

    /// <summary>Returns the exception that the coordinator's attempt fails with; null if the attempt continues.</summary>
    internal Exception? Failure() => Kind switch
    {
        PartitionResultKind.Done => null,
        PartitionResultKind.Idle => new LeaseLostException(), // A partition checks the row with the coordinator's fencing token.
        PartitionResultKind.Refused => new JobException(Code!, Title!, Detail!) { IsTransient = IsTransient },
        _ => new PartitionFailedException(Code ?? "an error"),
    };
}
