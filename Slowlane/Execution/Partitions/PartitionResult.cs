using System.Text.Json.Serialization;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution.Partitions;

/// <summary>How a part ended.</summary>
public enum PartitionResultKind
{
    /// <summary>Its state is saved.</summary>
    Done,

    /// <summary>Its attempt was over.</summary>
    Idle,

    /// <summary>Its type said why the job can't succeed.</summary>
    Refused,

    /// <summary>Its type's code failed.</summary>
    Failed,
}

/// <summary>How a part ended, or all of them: the state itself lies in the database. Whatever is the job's own comes back as data; what is thrown is an outage, and the part tried again.</summary>
/// <param name="Kind">How.</param>
/// <param name="Code">Refused: the reason's name. Failed: the name of the exception's type.</param>
/// <param name="Title">Refused: the reason's title.</param>
/// <param name="Detail">Refused: the reason.</param>
/// <param name="IsTransient">Refused: whether another attempt may go better.</param>
public sealed record PartitionResult(
    PartitionResultKind Kind,
    string? Code = null,
    string? Title = null,
    string? Detail = null,
    [property: JsonPropertyName("MayPass")] bool IsTransient = false) // As versions before this one write it: a run may begin on one and end on another.
{
    internal static PartitionResult Done { get; } = new(PartitionResultKind.Done);

    internal static PartitionResult Idle { get; } = new(PartitionResultKind.Idle);

    internal static PartitionResult Refused(JobException reason) => new(PartitionResultKind.Refused, reason.Code, reason.Title, reason.Message, reason.IsTransient);

    internal static PartitionResult Failed(Exception failure) => new(PartitionResultKind.Failed, failure.GetType().Name);

    /// <summary>What the holder's attempt fails with; null when it goes on.</summary>
    internal Exception? Failure() => Kind switch
    {
        PartitionResultKind.Done => null,
        PartitionResultKind.Idle => new LeaseLostException(), // A part looks at the row by our own fencing token.
        PartitionResultKind.Refused => new JobException(Code!, Title!, Detail!) { IsTransient = IsTransient },
        _ => new PartitionFailedException(Code ?? "an error"),
    };
}
