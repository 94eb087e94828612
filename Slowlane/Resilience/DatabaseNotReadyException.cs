namespace Slowlane.Resilience;

/// <summary>
/// The database answers, and the app's tables can't be used: they are missing, or the app's user lacks a right. Jobs wait uncharged, as in an
/// outage, until an operator has mended it. The message names what is missing and the statement that mends it.
/// </summary>
internal class DatabaseNotReadyException(string reason, Exception? cause = null) : Exception(reason, cause);
