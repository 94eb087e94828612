using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>A result as JSON, or the name of its blob. Exactly one of them is set.</summary>
internal sealed record StoredResult(string? Body, string? Blob);

/// <summary>Reads jobs and results.</summary>
internal sealed class JobReader(Database database)
{
    private const string Select = $"select {JobRow.Columns} from slowlane.job";

    // Ids are ordered by time, so the order by id is the order of creation.
    private const string ListAll = $"{Select} where id < $2 order by id desc limit $1";

    // Merges the latest jobs of each type and status. The index job_list leads straight to them, so the statement reads no row of
    // a later page, and finding the types costs one index look-up each. The three columns are compared as a whole, because
    // otherwise a planner that estimates the types as well mixed may choose another index.
    private const string ListFiltered = $"""
        with recursive kind (name) as (
            (select coalesce($3, (select type from slowlane.job order by type limit 1)))
            union all
            select (select type from slowlane.job where type > kind.name order by type limit 1) from kind where $3 is null and kind.name is not null)
        select {JobRow.Columns}
        from kind cross join unnest($4) as state (name) cross join lateral (
            {Select}
            where (type, status, id) < (kind.name, state.name, $2) and (type, status, id) > (kind.name, state.name, $5)
            order by type desc, status desc, id desc limit $1) as latest
        order by id desc limit $1
        """;

    private static readonly string[] Statuses = [.. Enum.GetValues<JobStatus>().Select(status => status.Name())];

    /// <summary>Returns the job's row. Returns null if the job has no row: it is not recorded yet, or was purged.</summary>
    public Task<JobRow?> FindAsync(JobId id, CancellationToken cancellationToken) => database.RunRepeatableAsync(
        async () =>
        {
            await using var command = database.Command($"{Select} where id = $1", id.Value);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? JobRow.Read(reader) : null;
        },
        cancellationToken);

    /// <summary>Returns true if the job has finished and was purged after its retention.</summary>
    public Task<bool> IsPurgedAsync(JobId id, CancellationToken cancellationToken) => database.RunRepeatableAsync(
        async () =>
        {
            await using var command = database.Command("select 1 from slowlane.purged where id = $1", id.Value);
            return await command.ExecuteScalarAsync(cancellationToken) is not null;
        },
        cancellationToken);

    /// <summary>Lists jobs that have a row, the newest first: those before <paramref name="before"/>, if it is given.</summary>
    public Task<List<JobRow>> ListAsync(string? type, JobStatus? status, JobId? before, int limit, CancellationToken cancellationToken)
        => database.RunRepeatableAsync(() => RowsAsync(type, status, before, limit, cancellationToken), cancellationToken);

    /// <summary>Returns the result of a succeeded job, or null.</summary>
    public Task<StoredResult?> ResultAsync(JobId id, CancellationToken cancellationToken) => database.RunRepeatableAsync(
        async () =>
        {
            await using var command = database.Command("select body, blob from slowlane.result where job_id = $1", id.Value);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? new StoredResult(reader.Text(0), reader.Text(1)) : null;
        },
        cancellationToken);

    private async Task<List<JobRow>> RowsAsync(string? type, JobStatus? status, JobId? before, int limit, CancellationToken cancellationToken)
    {
        var first = before?.Value ?? Guid.AllBitsSet;
        await using var command = (type, status) is (null, null)
            ? database.Command(ListAll, limit, first)
            : database.Command(ListFiltered, limit, first, type, status is { } one ? [one.Name()] : Statuses, Guid.Empty);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<JobRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(JobRow.Read(reader));
        }

        return rows;
    }
}
