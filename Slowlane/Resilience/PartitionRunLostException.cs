namespace Slowlane.Resilience;

/// <summary>The partitions of an attempt could not all be computed, and the job is not at fault. It counts as an outage.</summary>
internal sealed class PartitionRunLostException(string message, Exception? innerException = null) : Exception(message, innerException);
