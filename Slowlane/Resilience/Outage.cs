using System.Net.Sockets;
using System.Security.Authentication;
using Azure;
using Azure.Identity;
using Npgsql;

namespace Slowlane.Resilience;

/// <summary>Distinguishes an unreachable service from a failed operation. Pure.</summary>
/// <remarks>An outage is not only a network failure. A changed password or a database restore is not the job's fault either.</remarks>
internal static class Outage
{
    /// <summary>True if the database or the storage account could not be reached. The job is not at fault.</summary>
    public static bool Is(Exception? failure) => OfDatabase(failure) || OfStorage(failure) || failure is PartitionRunLostException;

    /// <summary>True if a service failed in any way. The response requests the caller to retry later, and the log has the reason.</summary>
    public static bool IsOfService(Exception failure) => failure switch
    {
        NpgsqlException or RequestFailedException or AuthenticationFailedException or DatabaseNotReadyException => true,
        AggregateException e => e.InnerExceptions.All(inner => IsTimeout(inner) || IsOfService(inner)),
        _ => false,
    };

    /// <summary>Which service failed, and whether it can't be reached or answers and can't be used, for logs and answers.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        DatabaseNotReadyException => "The database can't be used",
        PostgresException e when EngineStatement.IsRefused(e) || SqlState.Judge(e.SqlState) is not SqlVerdict.Outage => "The database can't be used",
        NpgsqlException => "The database can't be reached",
        _ => "The storage account can't be reached",
    };

    /// <summary>True if the server was unreachable, refused the login or a right, cut the connection, or is starting, stopping or full.</summary>
    /// <remarks>
    /// <see cref="SqlState"/> judges the error codes. An error that ends its session, such as of a library that each session loads, counts whatever
    /// its code is, unless a limit of the server's does it. A prepared statement on a table that has been altered since counts too, because it succeeds once
    /// it is planned again, and so does a commit while the queue of notifications is full. Three faults of SQL's caller are reported with codes of an
    /// outage and do not count: a command on a connection that is still busy, a statement that lacks a parameter, and a code that a function raises.
    /// </remarks>
    public static bool OfDatabase(Exception? failure) => failure switch
    {
        DatabaseNotReadyException => true,
        NpgsqlOperationInProgressException => false,
        PostgresException { SqlState: PostgresErrorCodes.ProtocolViolation, Routine: "exec_bind_message" } => false,
        PostgresException { Routine: "RevalidateCachedQuery" } => true,
        PostgresException { Routine: "PreCommit_Notify" } => true,
        PostgresException e when EngineStatement.IsRefused(e) => true,
        PostgresException e when SqlState.IsRaised(e) => false,
        PostgresException { InvariantSeverity: "FATAL" } e => SqlState.Judge(e.SqlState) is not SqlVerdict.Limit,
        PostgresException e => SqlState.Judge(e.SqlState) is SqlVerdict.Outage or SqlVerdict.Environment,
        NpgsqlException { InnerException: AggregateException hosts } => hosts.InnerExceptions.All(OfDatabase), // None of the listed hosts can be used.
        NpgsqlException e => e.InnerException is null or IOException or SocketException or TimeoutException or AuthenticationException or AuthenticationFailedException || OfDatabase(e.InnerException),
        _ => false,
    };

    /// <summary>
    /// True for an outage that ends by itself, so that the same work can be tried until it does. A transaction that was idle too long is none: the
    /// work itself was idle, and would be again.
    /// </summary>
    public static bool EndsByItself(Exception failure) => Is(failure) && failure is not PostgresException { SqlState: "25P03" };

    /// <summary>
    /// True for an outage that the statement itself may cause, because it breaks its connection or exceeds a time limit. A full disk, and a server that
    /// refuses the engine's statements, are not its doing.
    /// </summary>
    public static bool MayBeOfTheStatement(Exception failure) => EndsByItself(failure)
        && failure is not (DatabaseNotReadyException or PostgresException { SqlState: PostgresErrorCodes.DiskFull })
        && !(failure is PostgresException refused && EngineStatement.IsRefused(refused));

    /// <summary>
    /// True if the service did not answer after all retries of the client, was busy or broken, or refused access. Access is refused when a key was
    /// changed, or when a role that was granted minutes ago is not yet effective.
    /// </summary>
    /// <remarks>An answer that takes too long is a cancellation among the retries. A cancellation by the caller comes alone.</remarks>
    private static bool OfStorage(Exception? failure) => failure switch
    {
        RequestFailedException e => e.Status is 0 or 401 or 403 or 408 or 429 or >= 500,
        AuthenticationFailedException => true, // No token: the identity does not exist (yet), or its issuer is unreachable.
        AggregateException e => e.InnerExceptions.All(inner => IsTimeout(inner) || OfStorage(inner)),
        _ => false,
    };

    // A cancellation among the client's retries is a try that exceeded the client's network timeout. A cancellation by the caller comes
    // alone or after other failures. In the latter case only the caller's token distinguishes it.
    private static bool IsTimeout(Exception failure) => failure is OperationCanceledException;
}
