namespace DurableTask.Core.Exceptions;

/// <summary>Thrown for a new orchestration whose instance id another one has that has not ended.</summary>
public class OrchestrationAlreadyExistsException : Exception
{
    /// <param name="message">Which id.</param>
    public OrchestrationAlreadyExistsException(string message)
        : base(message)
    {
    }
}
