using Npgsql;

namespace Slowlane.Resilience;

/// <summary>
/// The database refuses a statement of the engine's again and again, and takes others: an index that is not the engine's has a row too large for it,
/// say. The jobs of the statement wait uncharged, and others run.
/// </summary>
internal sealed class StatementRefusedException(Exception cause) : Exception(cause is PostgresException { MessageText: var text } ? text : cause.Message, cause);
