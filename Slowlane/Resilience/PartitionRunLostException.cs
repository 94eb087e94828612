namespace Slowlane.Resilience;

/// <summary>The parts of an attempt could not be computed to their end, and not by the job's fault: it counts as an outage.</summary>
internal sealed class PartitionRunLostException(string message, Exception? innerException = null) : Exception(message, innerException);
