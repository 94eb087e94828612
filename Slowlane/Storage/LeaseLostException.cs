namespace Slowlane.Storage;

/// <summary>The claim's fencing token is no longer valid: another worker claimed the job, or the job was ended from outside.</summary>
internal sealed class LeaseLostException() : Exception("The job's lease was lost.");
