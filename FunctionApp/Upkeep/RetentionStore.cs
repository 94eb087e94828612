using Npgsql;
using Slowlane.Storage;

namespace Slowlane.Upkeep;

/// <summary>What a purged job leaves in storage.</summary>
internal sealed record PurgedBlobs(string? Input, string? Result);

/// <summary>Deletes jobs past their retention, in two steps, and keeps a tombstone of each.</summary>
internal sealed class RetentionStore(Database database, SlowlaneOptions options)
{
    /// <summary>One step handles this many of a kind.</summary>
    public const int Batch = 500;

    // A message of the job may still come, twice at once with its purge. So the tombstone comes first, and the row goes
    // once no claim can be under way that has not seen the tombstone: a statement gives up after half a minute. The id's
    // time is looked at too: it is a front's, whose clock may run ahead.
    private const string Past = "j.finished_at < now() - $1 and j.created_at < now() - $1";

    private const string Bury = $"""
        insert into slowlane.purged (id)
        select id from slowlane.job j where {Past} and not exists (select 1 from slowlane.purged p where p.id = j.id)
        order by j.finished_at limit $2
        on conflict (id) do nothing
        """;

    private const string Purge = $"""
        with gone as (
            delete from slowlane.job where id in (
                select id from slowlane.job j
                where {Past} and (select p.purged_at < now() - interval '1 minute' from slowlane.purged p where p.id = j.id)
                order by j.finished_at limit $2 for update of j skip locked)
            returning id, input_blob),
        stale as (
            delete from slowlane.poison where id in (
                select id from slowlane.poison where received_at < now() - $1 order by received_at limit $2 for update skip locked))
        select gone.input_blob, result.blob from gone left join slowlane.result on result.job_id = gone.id
        where gone.input_blob is not null or result.blob is not null
        """;

    private const string Forget = """
        delete from slowlane.purged where id in (select id from slowlane.purged where purged_at < now() - $1 order by purged_at limit $2)
        """;

    /// <summary>Notes which jobs are past their retention, a minute before <see cref="PurgeAsync"/> deletes them, and forgets notes of old.</summary>
    public async Task BuryAsync(CancellationToken cancellationToken)
    {
        await using var bury = database.Command(Bury, options.Retention, Batch);
        await bury.ExecuteNonQueryAsync(cancellationToken);
        await using var forget = database.Command(Forget, SweepStore.TombstoneAge, Batch);
        await forget.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes the jobs past their retention, results and all, and poison messages as old; returns the blobs that go with the jobs.</summary>
    public async Task<List<PurgedBlobs>> PurgeAsync(CancellationToken cancellationToken)
    {
        var blobs = new List<PurgedBlobs>();
        await using var command = database.Command(Purge, options.Retention, Batch);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            blobs.Add(new PurgedBlobs(Text(reader, 0), Text(reader, 1)));
        }

        return blobs;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
