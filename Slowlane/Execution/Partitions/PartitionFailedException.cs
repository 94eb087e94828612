namespace Slowlane.Execution.Partitions;

/// <summary>The type's code failed in a partition, in the process that computed it.</summary>
/// <param name="cause">The name of the exception's type there. The coordinator reports it as an unsplit job would.</param>
internal sealed class PartitionFailedException(string cause) : Exception($"A part of the job failed with {cause}. The log of the worker that computed it has the details.")
{
    public string Cause => cause;
}
