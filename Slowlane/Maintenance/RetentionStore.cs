using Microsoft.Extensions.Logging;
using Npgsql;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Maintenance;

/// <summary>The position where a step ended, in the order of the finished jobs' ends.</summary>
internal sealed record RetentionMark(DateTime FinishedAt, Guid Id)
{
    /// <summary>The position before all jobs.</summary>
    public static RetentionMark Start { get; } = new(DateTime.MinValue, Guid.Empty); // Npgsql's -infinity.
}

/// <summary>The result of a purge.</summary>
/// <param name="Jobs">The number of deleted jobs.</param>
/// <param name="Kept">The number of jobs that a foreign key of others keeps.</param>
/// <param name="Inputs">The blobs with the jobs' inputs.</param>
/// <param name="Results">The blobs with the jobs' results.</param>
/// <param name="Next">Where the next step begins; null if this step reached the end.</param>
internal sealed record Purged(int Jobs, int Kept, IReadOnlyList<string> Inputs, IReadOnlyList<string> Results, RetentionMark? Next);

/// <summary>Deletes jobs past their retention in two steps, and keeps a tombstone of each.</summary>
/// <remarks>Each call reads one batch and starts at the given position, so the next call does not read again what this one did not delete.</remarks>
internal sealed partial class RetentionStore(Database database, SlowlaneOptions options, ILogger<RetentionStore> log)
{
    /// <summary>The number of jobs that one call reads.</summary>
    public const int Batch = 500;

    /// <summary>The number of jobs that a call deletes one by one after a batch has failed.</summary>
    private const int Apart = 50;

    /// <summary>How long the tombstone of a purged job is kept.</summary>
    public static readonly TimeSpan TombstoneAge = TimeSpan.FromDays(365);

    // The creation time is checked too. It comes from a front, whose clock may run ahead.
    private const string Past = "j.finished_at < now() - $1 and j.created_at < now() - $1";

    // A batch, and its last row if the batch is full.
    private const string Old = $"""
        old as materialized (
            select j.id, j.finished_at from slowlane.job j
            where {Past} and (j.finished_at, j.id) > ($3, $4) order by j.finished_at, j.id limit $2),
        mark as (
            select finished_at, id from old order by finished_at desc, id desc limit case when (select count(*) from old) = $2 then 1 else 0 end)
        """;

    // A message of the job may still come, even while the job is purged. So the tombstone is written first. The row is deleted a
    // minute later: by then every claim that has not seen the tombstone is over, because a statement gives up after half a
    // minute.
    private const string Bury = $"""
        with {Old},
        noted as (
            insert into slowlane.purged (id)
            select id from old where not exists (select 1 from slowlane.purged p where p.id = old.id)
            on conflict (id) do nothing)
        select finished_at, id from mark
        """;

    // The condition is checked again on the locked row, because the job may just have been retried.
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

    private const string Next = $"select j.finished_at, j.id from slowlane.job j where {Past} and (j.finished_at, j.id) > ($2, $3) order by j.finished_at, j.id limit 1";

    private const string DeleteTombstones = """
        delete from slowlane.purged where id = any (array(select id from slowlane.purged where purged_at < now() - $1 order by purged_at limit $2))
        """;

    private const string DeletePoison = """
        delete from slowlane.poison where id = any (array(select id from slowlane.poison where received_at < now() - $1 order by received_at limit $2 for update skip locked))
        """;

    /// <summary>
    /// Writes tombstones for jobs past their retention, a minute before <see cref="PurgeAsync"/> deletes the jobs. Returns where
    /// to continue; null at the end.
    /// </summary>
    public async Task<RetentionMark?> BuryAsync(RetentionMark from, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(Bury, options.Retention, Batch, Utc(from), from.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Mark(reader, 0) : null;
    }

    /// <summary>Deletes the jobs past their retention that have a tombstone, with their results. Keeps those that a table of others refers to.</summary>
    public async Task<Purged> PurgeAsync(RetentionMark from, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        try
        {
            return await PurgeBatchAsync(from, Batch, cancellationToken);
        }
        catch (PostgresException e) when (IsReference(e))
        {
            KeptByReference(log, e.ConstraintName, e.SchemaName, e.TableName);
            return await PurgeApartAsync(from, cancellationToken);
        }
    }

    private async Task<Purged> PurgeApartAsync(RetentionMark from, CancellationToken cancellationToken)
    {
        var (jobs, kept, inputs, results) = (0, 0, new List<string>(), new List<string>());
        RetentionMark? next = from;
        for (var job = 0; next is not null && job < Apart; job++)
        {
            try
            {
                var one = await PurgeBatchAsync(next, 1, cancellationToken);
                jobs += one.Jobs;
                inputs.AddRange(one.Inputs);
                results.AddRange(one.Results);
                next = one.Next;
            }
            catch (PostgresException e) when (IsReference(e))
            {
                kept++;
                next = await NextAsync(next!, cancellationToken);
            }
        }

        return new Purged(jobs, kept, inputs, results, next);
    }

    private async Task<RetentionMark?> NextAsync(RetentionMark from, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Next, options.Retention, Utc(from), from.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Mark(reader, 0) : null;
    }

    private async Task<Purged> PurgeBatchAsync(RetentionMark from, int batch, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Purge, options.Retention, batch, Utc(from), from.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Purged(
            reader.GetInt32(0),
            0,
            await reader.GetFieldValueAsync<string[]>(1, cancellationToken),
            await reader.GetFieldValueAsync<string[]>(2, cancellationToken),
            Mark(reader, 3));
    }

    /// <summary>Deletes old tombstones, and poison messages past the retention. Returns true if there may be more.</summary>
    public async Task<bool> PurgeExpiredAsync(CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var tombstones = database.Command(DeleteTombstones, TombstoneAge, Batch);
        await using var poison = database.Command(DeletePoison, options.Retention, Batch);
        return Math.Max(await tombstones.ExecuteNonQueryAsync(cancellationToken), await poison.ExecuteNonQueryAsync(cancellationToken)) == Batch;
    }

    private static RetentionMark? Mark(NpgsqlDataReader reader, int column)
        => reader.IsDBNull(column) ? null : new RetentionMark(reader.GetDateTime(column), reader.GetGuid(column + 1));

    // PostgreSQL 18 has a code of its own for a key that is declared on delete restrict.
    private static bool IsReference(PostgresException failure) => failure.SqlState is PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation;

    private static DateTime Utc(RetentionMark mark) => DateTime.SpecifyKind(mark.FinishedAt, DateTimeKind.Utc);

    [LoggerMessage(LogLevel.Warning, "Jobs are kept past their retention: the foreign key {Constraint} of the table {Schema}.{Table} refers to them. Delete its rows, or declare it on delete cascade")]
    private static partial void KeptByReference(ILogger log, string? constraint, string? schema, string? table);
}
