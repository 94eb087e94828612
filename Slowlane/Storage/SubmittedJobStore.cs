using Slowlane.Jobs;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>
/// A job whose message was sent. <paramref name="Sent"/> is the time of the send, on the clock of <see
/// cref="TimeProvider.GetTimestamp"/>.
/// </summary>
internal sealed record SubmittedJob(JobId Id, JobDefinition Type, ReadOnlyMemory<byte> Input, string? Blob, string? Trace, long Sent);

/// <summary>Records jobs that no worker has claimed yet. Their messages still run them. The sweep finds the rows of jobs whose message is lost.</summary>
internal sealed class SubmittedJobStore(Database database, TimeProvider time)
{
    // Two statements, so that the inputs of already claimed jobs, which are most, are not sent to the database.
    private const string Unknown = "select id from unnest($1) as sent (id) where not exists (select 1 from slowlane.job j where j.id = sent.id)";

    // The row looks as if the first claim had been refused, so claim, cancel and sweep need no special case for it.
    private const string Record = $"""
        insert into slowlane.job (id, type, status, attempt, max_attempts, fence, due_at, input, input_blob, created_at, trace)
        select sent.id, sent.type, {JobState.Queued}, 0, sent.max_attempts, 0, now() - sent.age * interval '1 millisecond', sent.input, sent.blob, sent.created_at, sent.trace
        from unnest($1, $2, $3, $4, $5, $6, $7, $8) as sent (id, type, max_attempts, age, input, blob, created_at, trace)
        where not exists (select 1 from slowlane.purged p where p.id = sent.id)
        order by sent.id -- Two fronts that record the same jobs take them in the same order.
        on conflict (id) do nothing
        """;

    /// <summary>Records the jobs that are in no table yet. Returns their number.</summary>
    public async Task<int> RecordAsync(IReadOnlyList<SubmittedJob> jobs, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        var unknown = await UnknownAsync(jobs, cancellationToken);
        return unknown.Count == 0 ? 0 : await InsertAsync([.. jobs.Where(job => unknown.Contains(job.Id.Value))], cancellationToken);
    }

    private async Task<HashSet<Guid>> UnknownAsync(IReadOnlyList<SubmittedJob> jobs, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Unknown, [jobs.Column(job => job.Id.Value)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var unknown = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            unknown.Add(reader.GetGuid(0));
        }

        return unknown;
    }

    private async Task<int> InsertAsync(SubmittedJob[] jobs, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            Record,
            jobs.Column(job => job.Id.Value),
            jobs.Column(job => job.Type.Name),
            jobs.Column(job => job.Type.Options.MaxAttempts),
            jobs.Column(job => time.GetElapsedTime(job.Sent).TotalMilliseconds),
            jobs.Column(job => job.Blob is null ? System.Text.Encoding.UTF8.GetString(job.Input.Span) : null),
            jobs.Column(job => job.Blob),
            jobs.Column(job => job.Id.CreatedAt),
            jobs.Column(job => job.Trace));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
