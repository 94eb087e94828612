using Npgsql;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Maintenance;

/// <summary>Where a step ended, among the finished jobs by the time of their end.</summary>
internal sealed record RetentionMark(DateTime FinishedAt, Guid Id)
{
    /// <summary>Before them all.</summary>
    public static RetentionMark Start { get; } = new(DateTime.MinValue, Guid.Empty); // Npgsql's -infinity.
}

/// <summary>What a purge has deleted.</summary>
/// <param name="Jobs">How many jobs.</param>
/// <param name="Inputs">The blobs with their inputs.</param>
/// <param name="Results">The blobs with their results.</param>
/// <param name="Next">Where the next step begins; null: this one came to the end.</param>
internal sealed record Purged(int Jobs, IReadOnlyList<string> Inputs, IReadOnlyList<string> Results, RetentionMark? Next);

/// <summary>Deletes jobs past their retention, in two steps, and keeps a tombstone of each.</summary>
/// <remarks>Each call looks at one batch and goes on where it is told: what it did not delete is not read again by the next.</remarks>
internal sealed class RetentionStore(Database database, SlowlaneOptions options)
{
    /// <summary>One call handles this many.</summary>
    public const int Batch = 500;

    /// <summary>How long a purged job is known to have been here.</summary>
    public static readonly TimeSpan TombstoneAge = TimeSpan.FromDays(365);

    // The id's time is looked at too: it is a front's, whose clock may run ahead.
    private const string Past = "j.finished_at < now() - $1 and j.created_at < now() - $1";

    // A batch, and its last row.
    private const string Old = $"""
        old as materialized (
            select j.id, j.finished_at from slowlane.job j
            where {Past} and (j.finished_at, j.id) > ($3, $4) order by j.finished_at, j.id limit $2),
        mark as (
            select finished_at, id from old order by finished_at desc, id desc limit case when (select count(*) from old) = $2 then 1 else 0 end)
        """;

    // A message of the job may still come, twice at once with its purge. So the tombstone comes first, and the row goes
    // once no claim can be under way that has not seen the tombstone: a statement gives up after half a minute.
    private const string Bury = $"""
        with {Old},
        noted as (
            insert into slowlane.purged (id)
            select id from old where not exists (select 1 from slowlane.purged p where p.id = old.id)
            on conflict (id) do nothing)
        select finished_at, id from mark
        """;

    // Once locked, the row is looked at again: it may just have been retried.
    private const string Purge = $"""
        with {Old},
        gone as (
            delete from slowlane.job where id = any (array(
                select j.id from slowlane.job j
                where j.id = any (array(select old.id from old join slowlane.purged p on p.id = old.id where p.purged_at < now() - interval '1 minute'))
                and {Past} for update skip locked))
            returning id, input_blob)
        select (select count(*) from gone)::int, array(select input_blob from gone where input_blob is not null),
            array(select r.blob from gone join slowlane.result r on r.job_id = gone.id where r.blob is not null), mark.finished_at, mark.id
        from (select) as one left join mark on true
        """;

    private const string ForgetTombstones = """
        delete from slowlane.purged where id = any (array(select id from slowlane.purged where purged_at < now() - $1 order by purged_at limit $2))
        """;

    private const string ForgetPoison = """
        delete from slowlane.poison where id = any (array(select id from slowlane.poison where received_at < now() - $1 order by received_at limit $2 for update skip locked))
        """;

    /// <summary>Notes which jobs are past their retention, a minute before <see cref="PurgeAsync"/> deletes them. Returns where to go on; null at the end.</summary>
    public async Task<RetentionMark?> BuryAsync(RetentionMark from, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(Bury, options.Retention, Batch, Utc(from), from.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Mark(reader, 0) : null;
    }

    /// <summary>Deletes the jobs past their retention, results and all, that were noted.</summary>
    public async Task<Purged> PurgeAsync(RetentionMark from, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(Purge, options.Retention, Batch, Utc(from), from.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Purged(
            reader.GetInt32(0),
            await reader.GetFieldValueAsync<string[]>(1, cancellationToken),
            await reader.GetFieldValueAsync<string[]>(2, cancellationToken),
            Mark(reader, 3));
    }

    /// <summary>Forgets tombstones of old and poison messages past the retention; true when there may be more.</summary>
    public async Task<bool> ForgetAsync(CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var tombstones = database.Command(ForgetTombstones, TombstoneAge, Batch);
        await using var poison = database.Command(ForgetPoison, options.Retention, Batch);
        return Math.Max(await tombstones.ExecuteNonQueryAsync(cancellationToken), await poison.ExecuteNonQueryAsync(cancellationToken)) == Batch;
    }

    private static RetentionMark? Mark(NpgsqlDataReader reader, int column)
        => reader.IsDBNull(column) ? null : new RetentionMark(reader.GetDateTime(column), reader.GetGuid(column + 1));

    private static DateTime Utc(RetentionMark mark) => DateTime.SpecifyKind(mark.FinishedAt, DateTimeKind.Utc);
}
