using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>Finds out whether a table was rewritten after the transaction's snapshot was taken.</summary>
/// <remarks>
/// The snapshot does not see the rows of a TRUNCATE and a reload, of an ALTER TABLE or of a REFRESH MATERIALIZED VIEW that was committed after it, and the
/// rows from before are gone: the table looks empty (PostgreSQL manual, 13.6, caveats). A reading that waits for the lock of such a transaction
/// has its snapshot from before.
/// </remarks>
internal static class TableRewrites
{
    // The snapshot sees the file that a table had; pg_relation_filenode has the present one. A table that the snapshot does not see is a new partition,
    // say. Indexes are built anew without a change of the rows. VACUUM FULL moves the rows and keeps them: it can't be told from the others.
    private const string Rewritten = """
        select exists (
            select from pg_locks l left join pg_class c on c.oid = l.relation
            where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.database = (select oid from pg_database where datname = current_database())
                and case when c.oid is null then pg_get_indexdef(l.relation) is null
                    else c.relkind in ('r', 'm') and c.relfilenode <> 0 and c.relfilenode <> pg_relation_filenode(c.oid) end)
        """;

    /// <summary>Locks what the source reads against being rewritten until the transaction ends, then checks it.</summary>
    /// <exception cref="JobException">It was rewritten. Another attempt has a new snapshot.</exception>
    public static async Task<ProfileSource> LockAsync(ProfileSource source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The statement is made of names that the server has quoted.
        await using var read = new NpgsqlCommand($"explain {TableSelect.Of(source)}", connection); // Locks all that it names, views' tables and partitions too, and reads no row.
#pragma warning restore CA2100
        await read.ExecuteNonQueryAsync(cancellationToken);
        await RequireNoneAsync(source, connection, cancellationToken);
        return source;
    }

    /// <summary>Checks what the transaction has locked.</summary>
    /// <exception cref="JobException">It was rewritten. Another attempt has a new snapshot.</exception>
    public static async Task RequireNoneAsync(ProfileSource source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Rewritten, connection);
        if (await command.ExecuteScalarAsync(cancellationToken) is true)
        {
            throw TableFaults.Rewritten(source.Table!);
        }
    }
}
