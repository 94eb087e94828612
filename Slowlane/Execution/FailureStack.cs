using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution;

/// <summary>Decides whether the log has the stack of a failure beside its sentence. Pure.</summary>
internal static class FailureStack
{
    /// <summary>
    /// The exception for the log. Null if its message says all there is to do: PostgreSQL refused the job's SQL and the job's type or the engine
    /// explains why, or the database is not ready. Their stacks show Npgsql alone.
    /// </summary>
    public static Exception? Of(Exception? failure)
        => failure is JobException { InnerException: PostgresException } or DatabaseNotReadyException ? null : failure;
}
