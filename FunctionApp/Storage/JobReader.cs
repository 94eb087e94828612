using Npgsql;
using NpgsqlTypes;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>A result as JSON, or the name of the blob that holds it: exactly one of them.</summary>
internal sealed record StoredResult(string? Body, string? Blob);

/// <summary>Reads jobs and results.</summary>
internal sealed class JobReader(Database database)
{
    private const string Select = $"select {JobRow.Columns} from slowlane.job";

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
        await using var command = database.Command(ListOf(type, status, before), limit, before?.Value, type);
        command.Parameters[1].NpgsqlDbType = NpgsqlDbType.Uuid;
        command.Parameters[2].NpgsqlDbType = NpgsqlDbType.Text;
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

    // Only the conditions that are asked for, the status spelled out: so each list finds its index. Ids are ordered by time.
    private static string ListOf(string? type, JobStatus? status, JobId? before)
    {
        List<string> conditions = [];
        if (before is not null)
        {
            conditions.Add("id < $2");
        }

        if (type is not null)
        {
            conditions.Add("type = $3");
        }

        if (status is { } one)
        {
            conditions.Add($"status = '{one.Name()}'");
        }

        var where = conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";
        return $"{Select}{where} order by id desc limit $1";
    }
}
