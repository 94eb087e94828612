namespace Slowlane.Storage;

/// <summary>The job's fencing token is not ours any more: another worker claimed it, or it was ended from outside.</summary>
internal sealed class LeaseLostException() : Exception("The job's lease was lost.");
