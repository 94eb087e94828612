using Npgsql;

namespace Slowlane.Resilience;

/// <summary>What an error of PostgreSQL says about the work that met it.</summary>
internal enum SqlVerdict
{
    /// <summary>The statement or its data is at fault. The next attempt is charged, and meets the same error until one of them is changed.</summary>
    Job,

    /// <summary>The moment is at fault: another transaction, the load, a file that can't be read. The next attempt is charged, and may succeed.</summary>
    Retry,

    /// <summary>A limit that an administrator has set, or the administrator, stopped the work. The same work meets the limit again until it is raised.</summary>
    Limit,

    /// <summary>The database is not as the app needs it until an administrator acts. The job is not at fault.</summary>
    Environment,

    /// <summary>The server refuses all work for now, or the connection is lost. The job is not at fault.</summary>
    Outage,
}

/// <summary>Judges the error codes of PostgreSQL 13 to 18 (its manual, appendix A). Pure.</summary>
internal static class SqlState
{
    /// <summary>True if a limit of the server's, or an administrator, stopped a statement.</summary>
    public static bool IsLimit(Exception? failure) => failure is PostgresException e && !IsRaised(e) && Judge(e.SqlState) is SqlVerdict.Limit;

    /// <summary>True if a session lacks a statement that its client has prepared there, or has it from before a table was altered.</summary>
    public static bool LacksStatement(Exception? failure)
        => failure is PostgresException { SqlState: ['2', '6', ..] } or PostgresException { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" };

    /// <summary>True if a function of PL/pgSQL raised the error. Its author chose the code, which may be any.</summary>
    public static bool IsRaised(PostgresException failure) => failure.Routine is "exec_stmt_raise";

    /// <summary>The verdict on an error code. A code alone does not say whose table a statement meant: such codes are judged as the job's.</summary>
    public static SqlVerdict Judge(string code) => code switch
    {
        // 08, connection exception: the connection is lost, or was never made.
        ['0', '8', ..] => SqlVerdict.Outage,

        // 25, invalid transaction state. A read-only server is a standby: after a failover the primary is another one. A transaction that was
        // idle too long may have waited for storage or for a paused process.
        "25006" or "25P03" => SqlVerdict.Outage,
        "25P04" => SqlVerdict.Limit, // transaction_timeout, from PostgreSQL 17 on.

        // 28, 3D, F0: the login is refused, the database or the role is missing, a configuration file is broken.
        ['2', '8', ..] or ['3', 'D', ..] or ['F', '0', ..] => SqlVerdict.Environment,

        // 26, invalid SQL statement name: the session does not have the statement that the client prepared. A new session prepares it again.
        ['2', '6', ..] => SqlVerdict.Outage,

        // 40, transaction rollback: deadlocks and serialization failures. A deferred constraint that fails is the data's.
        "40002" => SqlVerdict.Job,
        ['4', '0', ..] => SqlVerdict.Retry,

        // 42, syntax error or access rule violation: all of it is the statement's, but a missing grant. 3F, invalid schema name: likewise.
        "42501" => SqlVerdict.Environment,
        ['4', '2', ..] or ['3', 'F', ..] => SqlVerdict.Job,

        // 53, insufficient resources. Memory may be short for this statement alone.
        "53200" => SqlVerdict.Retry,
        "53400" => SqlVerdict.Limit, // temp_file_limit.
        ['5', '3', ..] => SqlVerdict.Outage,

        // 55, object not in prerequisite state: locks and objects in use pass.
        "55006" or "55P03" => SqlVerdict.Retry,
        ['5', '5', ..] => SqlVerdict.Job,

        // 57, operator intervention: the server starts, stops, has crashed or has closed an idle session.
        "57014" => SqlVerdict.Limit, // statement_timeout, or pg_cancel_backend.
        "57P04" => SqlVerdict.Environment,
        ['5', '7', 'P', ..] => SqlVerdict.Outage,
        ['5', '7', ..] => SqlVerdict.Retry,

        // 58, system error, outside of PostgreSQL. A name that is too long stays so.
        "58P03" => SqlVerdict.Job,
        ['5', '8', ..] => SqlVerdict.Retry,

        // 72, snapshot failure (up to PostgreSQL 16); XX, internal error. Corrupted rows and indexes stay so.
        ['7', '2', ..] or "XX000" => SqlVerdict.Retry,

        // 0A, 22, 23, 54, HV, P0 and all others: what the statement asks for, or what it finds.
        _ => SqlVerdict.Job,
    };
}
