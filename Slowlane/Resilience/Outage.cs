using System.Net.Sockets;
using System.Security.Authentication;
using Azure;
using Azure.Identity;
using Npgsql;

namespace Slowlane.Resilience;

/// <summary>Tells an unreachable service from a failed operation. Pure.</summary>
/// <remarks>Not every outage is a matter of the wire: while a password is changed or the database is restored, no job is to blame either.</remarks>
internal static class Outage
{
    /// <summary>True when the database or the storage account could not be reached: not the job's fault.</summary>
    public static bool Is(Exception? failure) => OfDatabase(failure) || OfStorage(failure) || failure is PartitionRunLostException;

    /// <summary>True when a service failed in any way: a caller is told to come back, whatever the reason in the log.</summary>
    public static bool IsOfService(Exception failure) => failure switch
    {
        NpgsqlException or RequestFailedException or AuthenticationFailedException => true,
        AggregateException e => e.InnerExceptions.All(inner => IsTimeout(inner) || IsOfService(inner)),
        _ => false,
    };

    /// <summary>True when the server could not be reached or let nobody in, cut the connection, or is starting, stopping or full.</summary>
    /// <remarks>
    /// SQLSTATE classes 08 (connection) and 28 (authorization), 25006 (a standby), 25P03 (a transaction that stood still),
    /// 3D000 (no such database), 53100 (disk full), 53300 (too many connections), 57P (operator intervention): PostgreSQL
    /// manual, appendix A. And a statement that a session kept, of a table that has been altered since: planned anew, it runs.
    /// </remarks>
    public static bool OfDatabase(Exception? failure) => failure switch
    {
        PostgresException { Routine: "RevalidateCachedQuery" } => true,
        PostgresException e => e.SqlState is ['0', '8', ..] or ['2', '8', ..] or ['5', '7', 'P', ..] or "25006" or "25P03" or "3D000" or "53100" or "53300",
        NpgsqlException e => e.InnerException is null or IOException or SocketException or TimeoutException or AuthenticationException or AuthenticationFailedException || OfDatabase(e.InnerException),
        _ => false,
    };

    /// <summary>True when no answer came (the client's retries used up), the service was busy or broken, or let nobody in: a key was changed, or a role given minutes ago does not work yet.</summary>
    /// <remarks>An answer that took too long is a cancellation among the retries; one that the caller wanted comes alone.</remarks>
    private static bool OfStorage(Exception? failure) => failure switch
    {
        RequestFailedException e => e.Status is 0 or 401 or 403 or 408 or 429 or >= 500,
        AuthenticationFailedException => true, // No token: the identity is not there (yet), or who issues it is not.
        AggregateException e => e.InnerExceptions.All(inner => IsTimeout(inner) || OfStorage(inner)),
        _ => false,
    };

    // A try that took longer than the client's network timeout, among its retries. A caller's own cancellation comes alone,
    // or after other failures; there the token tells.
    private static bool IsTimeout(Exception failure) => failure is OperationCanceledException;
}
