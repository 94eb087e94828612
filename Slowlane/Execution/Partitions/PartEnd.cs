using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution.Partitions;

/// <summary>How a part ended.</summary>
public enum PartEndKind
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
/// <param name="MayPass">Refused: whether another attempt may go better.</param>
public sealed record PartEnd(PartEndKind Kind, string? Code = null, string? Title = null, string? Detail = null, bool MayPass = false)
{
    internal static PartEnd Done { get; } = new(PartEndKind.Done);

    internal static PartEnd Idle { get; } = new(PartEndKind.Idle);

    internal static PartEnd Refused(JobException reason) => new(PartEndKind.Refused, reason.Code, reason.Title, reason.Message, reason.MayPass);

    internal static PartEnd Failed(Exception failure) => new(PartEndKind.Failed, failure.GetType().Name);

    /// <summary>What the holder's attempt fails with; null when it goes on.</summary>
    internal Exception? Failure() => Kind switch
    {
        PartEndKind.Done => null,
        PartEndKind.Idle => new LeaseLostException(), // A part looks at the row by our own fencing token.
        PartEndKind.Refused => new JobException(Code!, Title!, Detail!) { MayPass = MayPass },
        _ => new PartFailedException(Code ?? "an error"),
    };
}
