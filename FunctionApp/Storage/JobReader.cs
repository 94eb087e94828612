using Slowlane.Jobs;

namespace Slowlane.Storage;

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

    /// <summary>The result of a succeeded job as JSON, or null.</summary>
    public async Task<string?> ResultAsync(JobId id, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select body from slowlane.result where job_id = $1", id.Value);
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }
}
