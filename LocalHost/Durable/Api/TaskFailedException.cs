namespace Microsoft.DurableTask;

/// <summary>Thrown in an orchestrator that awaits a task which failed. What the task threw is told, never thrown on.</summary>
public sealed class TaskFailedException : Exception
{
    /// <param name="taskName">The task's name.</param>
    /// <param name="taskId">Its number in the orchestration.</param>
    /// <param name="failureDetails">What it threw.</param>
    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : base($"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {failureDetails.ErrorMessage}")
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails;
    }

    /// <summary>The task's name.</summary>
    public string TaskName { get; }

    /// <summary>Its number in the orchestration.</summary>
    public int TaskId { get; }

    /// <summary>What it threw.</summary>
    public TaskFailureDetails FailureDetails { get; }
}
