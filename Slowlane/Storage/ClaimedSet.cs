namespace Slowlane.Storage;

/// <summary>The result of claiming a message's jobs. The claim may have failed half-way.</summary>
/// <param name="Taken">
/// The taken jobs, in the message's order. This worker has their leases, so it runs or releases each of them, also after a
/// failure.
/// </param>
/// <param name="RestFailure">
/// The failure that kept the other jobs from being claimed, if any. It is thrown once the taken jobs are completed, so that the
/// message is delivered again.
/// </param>
internal sealed record ClaimedSet(IReadOnlyList<Claim> Taken, Exception? RestFailure);
