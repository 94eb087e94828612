namespace Slowlane.Resilience;

/// <summary>
/// The database answers, and the app's tables can't be used: they are missing, or the app's user lacks a right. Jobs wait uncharged, as in an
/// outage, until an operator has mended it. The message names what is missing and the statement that mends it.
/// </summary>
internal sealed class DatabaseNotReadyException(string reason, Exception? cause = null) : Exception(reason, cause)
{
    /// <summary>A row of the engine's was written and is not there.</summary>
    public static DatabaseNotReadyException ForDroppedRow()
        => new("A trigger or a rule that is not Slowlane's dropped a row of its tables; GET /api/health/ready names it.");
}
