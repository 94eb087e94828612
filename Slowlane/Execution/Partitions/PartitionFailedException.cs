namespace Slowlane.Execution.Partitions;

/// <summary>A part's own code failed, in the process that computed it.</summary>
/// <param name="cause">The name of the exception's type there, for the holder to say what the job would have said whole.</param>
internal sealed class PartitionFailedException(string cause) : Exception($"A part of the job failed with {cause}. The log of the worker that computed it has the details.")
{
    public string Cause => cause;
}
