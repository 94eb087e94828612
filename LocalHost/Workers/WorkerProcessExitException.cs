namespace Slowlane.LocalHost.Workers;

/// <summary>A worker process ended, and its invocations with it.</summary>
/// <remarks>
/// The durable extension recognizes this failure by the name of its type and repeats the step of an orchestration. An activity fails, and its
/// caller's retry policy applies.
/// </remarks>
internal sealed class WorkerProcessExitException(string message) : Exception(message);
