namespace Slowlane.Resilience;

/// <summary>A row of the engine's was written without an error, and is not there. A trigger that returns null does so, for all rows or for some.</summary>
internal sealed class RowDroppedException() : DatabaseNotReadyException("a trigger or a rule that is not Slowlane's drops their rows");
