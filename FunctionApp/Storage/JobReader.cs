using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>A result as JSON, or the name of the blob that holds it: exactly one of them.</summary>
internal sealed record StoredResult(string? Body, string? Blob);

/// <summary>Reads jobs and results.</summary>
internal sealed class JobReader(Database database)
{
    private const string Select = """
        select type, status, attempt, max_attempts, progress, created_at, started_at, finished_at, error_type, error_title, error_detail
        from slowlane.job where id = $1
        """;

    /// <summary>The job's row, or null when no worker has claimed it yet or it was purged.</summary>
    public async Task<JobRow?> FindAsync(JobId id, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(Select, id.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Row(id, reader) : null;
    }

    /// <summary>The result of a succeeded job, or null.</summary>
    public async Task<StoredResult?> ResultAsync(JobId id, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select body, blob from slowlane.result where job_id = $1", id.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new StoredResult(Text(reader, 0), Text(reader, 1)) : null;
    }

    private static JobRow Row(JobId id, NpgsqlDataReader reader) => new(
        id,
        reader.GetString(0),
        JobStatusNames.Parse(reader.GetString(1)),
        reader.GetInt32(2),
        reader.GetInt32(3),
        reader.IsDBNull(4) ? null : reader.GetDouble(4),
        reader.GetFieldValue<DateTimeOffset>(5),
        Time(reader, 6),
        Time(reader, 7),
        reader.IsDBNull(8) ? null : new JobError(reader.GetString(8), reader.GetString(9), reader.GetString(10)));

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column)
        => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
