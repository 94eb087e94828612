namespace DurableTask.Core.Exceptions;

/// <summary>An orchestrator that, run again, did not do what its history says.</summary>
internal sealed class NonDeterministicOrchestrationException(string message, Exception? cause = null) : Exception(
    message + " The orchestrator's code is not deterministic, or was changed while the instance ran: it must do the same in the same order each time it runs from the start.",
    cause);
