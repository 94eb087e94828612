namespace Slowlane.LocalHost.Workers;

/// <summary>The worker process is gone, and what it held with it.</summary>
/// <remarks>The durable extension knows this failure by the name of its type, and has a step of an orchestration done again; an activity fails, and is retried by the policy that it was called with.</remarks>
internal sealed class WorkerProcessExitException(string message) : Exception(message);
