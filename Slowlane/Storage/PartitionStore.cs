using Slowlane.Jobs;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>The data of a job that a worker needs for a partition.</summary>
/// <param name="Type">The job's type.</param>
/// <param name="Attempt">The coordinator's attempt, from 1.</param>
/// <param name="Input">The job's input, or null if it is in <paramref name="Blob"/>.</param>
/// <param name="Blob">The blob with the input, if any.</param>
/// <param name="IsDone">Whether the partition's state is already saved, because its message came twice.</param>
internal sealed record PartitionWork(string Type, int Attempt, string? Input, string? Blob, bool IsDone);

/// <summary>
/// Stores the partitions of running jobs. Every statement checks the coordinator's fencing token, so partitions of a lost attempt
/// do not count.
/// </summary>
internal sealed class PartitionStore(Database database)
{
    private const string Running = $"from slowlane.job j where j.id = $1 and j.fence = $2 and {JobState.IsRunning}";

    /// <summary>Returns the work of a partition; null if its attempt is over.</summary>
    public async Task<PartitionWork?> FindAsync(JobId job, long fence, int part, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(
            $"select type, attempt, input, input_blob, exists (select 1 from slowlane.part p where p.job_id = j.id and p.fence = j.fence and p.part = $3) {Running}",
            job.Value,
            fence,
            part);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new PartitionWork(reader.GetString(0), reader.GetInt32(1), reader.Text(2), reader.Text(3), reader.GetBoolean(4))
            : null;
    }

    /// <summary>Whether the attempt is still running.</summary>
    public async Task<bool> IsRunningAsync(JobId job, long fence, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select 1 " + Running, job.Value, fence);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    /// <summary>
    /// Saves a partition's state. If two workers computed the partition, the first state stays. Returns false if the attempt is
    /// over.
    /// </summary>
    public async Task<bool> SaveAsync(JobId job, long fence, int part, byte[] state, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            $"insert into slowlane.part (job_id, fence, part, state) select j.id, j.fence, $3, $4 {Running} on conflict do nothing",
            job.Value,
            fence,
            part,
            state);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 || await IsRunningAsync(job, fence, cancellationToken);
    }

    /// <summary>Returns the states of an attempt's partitions, in order.</summary>
    public async Task<List<byte[]>> StatesAsync(Claim claim, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            "select state from slowlane.part where job_id = $1 and fence = $2 order by part", claim.Id.Value, claim.Fence);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var states = new List<byte[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            states.Add(await reader.GetFieldValueAsync<byte[]>(0, cancellationToken));
        }

        return states;
    }
}
