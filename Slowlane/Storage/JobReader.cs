using Npgsql;
using Slowlane.Execution;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>A result as JSON, or the name of the blob that holds it: exactly one of them.</summary>
internal sealed record StoredResult(string? Body, string? Blob);

/// <summary>Reads jobs and results.</summary>
internal sealed class JobReader(Database database)
{
    private const string Select = $"select {JobRow.Columns} from slowlane.job";

    // Ids are ordered by time.
    private const string All = $"{Select} where id < $2 order by id desc limit $1";

    // Put together from the latest jobs of each type and status, to which the index job_list leads straight: however many
    // others came later, none is read. The types that there are cost one look at it each. Compared as a whole, the three columns
    // leave a planner that takes the kinds to be well mixed no other index.
    private const string Some = $"""
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

    /// <summary>The job's row, or null when no worker has claimed it yet or it was purged.</summary>
    public async Task<JobRow?> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command($"{Select} where id = $1", id.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? JobRow.Read(reader) : null;
    }

    /// <summary>True when the job was here, finished, and went by its retention.</summary>
    public async Task<bool> IsPurgedAsync(JobId id, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select 1 from slowlane.purged where id = $1", id.Value);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    /// <summary>Jobs that have a row, the newest first: those before <paramref name="before"/>, if it is given.</summary>
    public async Task<List<JobRow>> ListAsync(string? type, JobStatus? status, JobId? before, int limit, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        var first = before?.Value ?? Guid.AllBitsSet;
        await using var command = (type, status) is (null, null)
            ? database.Command(All, limit, first)
            : database.Command(Some, limit, first, type, status is { } one ? [one.Name()] : Statuses, Guid.Empty);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<JobRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(JobRow.Read(reader));
        }

        return rows;
    }

    /// <summary>The result of a succeeded job, or null.</summary>
    public async Task<StoredResult?> ResultAsync(JobId id, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select body, blob from slowlane.result where job_id = $1", id.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new StoredResult(Text(reader, 0), Text(reader, 1)) : null;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
