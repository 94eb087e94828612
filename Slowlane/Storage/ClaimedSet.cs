namespace Slowlane.Storage;

/// <summary>What the claim of a message's jobs came to, which may have failed half-way.</summary>
/// <param name="Taken">The jobs that were taken, in the message's order: held from here on, so each is to be run or released, also after a failure.</param>
/// <param name="RestFailure">Why the others could not all be asked for, if so: to be thrown once the taken ones are completed, so that the message comes again.</param>
internal sealed record ClaimedSet(IReadOnlyList<Claim> Taken, Exception? RestFailure);
