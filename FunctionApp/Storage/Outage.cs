using System.Net.Sockets;
using Azure;
using Npgsql;

namespace Slowlane.Storage;

/// <summary>Tells an unreachable service from a failed operation. Pure.</summary>
internal static class Outage
{
    /// <summary>True when the database or the storage account could not be reached: not the job's fault.</summary>
    public static bool Is(Exception? failure) => OfDatabase(failure) || OfStorage(failure);

    /// <summary>True when the server could not be reached, cut the connection, or is starting, stopping or full.</summary>
    /// <remarks>SQLSTATE classes 08 (connection), 53300 (too many connections), 57P (operator intervention): PostgreSQL manual, appendix A.</remarks>
    public static bool OfDatabase(Exception? failure) => failure switch
    {
        PostgresException e => e.SqlState is "53300" or "57P01" or "57P02" or "57P03" or "25006"
            || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException e => e.InnerException is null or IOException or SocketException or TimeoutException || OfDatabase(e.InnerException),
        _ => false,
    };

    /// <summary>True when no answer came (the client's retries used up), or the service was busy or broken.</summary>
    private static bool OfStorage(Exception? failure) => failure switch
    {
        RequestFailedException e => e.Status is 0 or 408 or 429 or >= 500,
        AggregateException e => e.InnerExceptions.All(OfStorage),
        _ => false,
    };
}
