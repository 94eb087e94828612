using Npgsql;
using Slowlane.Execution.Partitions;

namespace Slowlane.Execution;

/// <summary>Names a failure for the caller without its text, which may hold secrets. Pure.</summary>
internal static class FailureName
{
    /// <summary>The name of the exception's type, with the code if PostgreSQL reported it. A split job reports the same name as an unsplit one.</summary>
    public static string Of(Exception failure) => failure switch
    {
        PartitionFailedException part => part.Cause,
        PostgresException e => $"{nameof(PostgresException)} {e.SqlState}",
        _ => failure.GetType().Name,
    };
}
