using System.Globalization;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Storage.Transitions;

namespace Slowlane.Maintenance;

/// <summary>Fails the jobs of a poison message, and keeps the message.</summary>
internal sealed partial class PoisonRecorder(Database database, OutageRetry outageRetry, ILogger<PoisonRecorder> log)
{
    // A job may have no row yet; then the statement inserts one. If the job is finished, it stays as it is and only the message is kept.
    private const string Record = $"""
        with kept as (
            insert into slowlane.poison (job_id, body, reason) values ($6, $7, $8))
        insert into slowlane.job as j
            (id, type, status, attempt, max_attempts, fence, input, input_blob, created_at, finished_at, error_type, error_title, error_detail)
        select m.id, $1, {JobState.Failed}, 0, 1, 1, m.input, m.blob, m.created_at, now(), 'poisoned', 'The job''s message could not be handled.', $8
        from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) as m (id, input, blob, created_at)
        where not exists (select 1 from slowlane.purged p where p.id = m.id)
        order by m.id
        on conflict (id) do update set {JobTransition.Fail}, {JobTransition.ByAnother},
            error_type = excluded.error_type, error_title = excluded.error_title, error_detail = excluded.error_detail
        where {JobState.IsQueued} or {JobState.IsLost}
        """;

    // Completes a job that was cancelled before its message came: only the message has the job's type and input, and a retry needs them.
    private const string Complete = $"""
        update slowlane.job j set type = $1, input = m.input, input_blob = m.blob
        from unnest($2::uuid[], $3::text[], $4::text[]) as m (id, input, blob)
        where j.id = m.id and num_nonnulls(m.input, m.blob) > 0
        and j.id in (select j.id from slowlane.job j where j.id = any ($2) and {JobState.LacksInput} order by j.id for no key update)
        """;

    /// <summary>Records one message from the poison queue.</summary>
    public Task RecordAsync(string message, CancellationToken cancellationToken)
    {
        var text = MessageText.Of(message);
        var (jobs, reason) = Parse(text);
        Poisoned(log, jobs.Count == 0 ? "unknown" : string.Join(", ", jobs.Select(job => job.Id)), reason);
        return outageRetry.ExecuteAsync(() => WriteAsync(text, jobs, reason, cancellationToken), cancellationToken);
    }

    private async Task WriteAsync(string message, IReadOnlyList<Envelope> jobs, string reason, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        object?[] parameters =
        [
            jobs.Count == 0 ? "" : StorableText.Of(jobs[0].Type),
            jobs.Select(job => job.Id.Value).ToArray(),
            jobs.Select(job => job.Input).ToArray(),
            jobs.Select(job => job.Blob is null ? null : StorableText.Of(job.Blob)).ToArray(),
        ];
        await using var complete = database.Command(Complete, parameters);
        await complete.ExecuteNonQueryAsync(cancellationToken);
        await using var command = database.Command(
            Record, [.. parameters, jobs.Select(job => job.Id.CreatedAt).ToArray(), jobs is [var one] ? one.Id.Value : null, StorableText.Of(message), StorableText.Of(reason)]);
        command.BatchCommands[0].Parameters[5].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Returns the jobs of a message, and the reason why they fail.</summary>
    private static (IReadOnlyList<Envelope> Jobs, string Reason) Parse(string message)
    {
        try
        {
            return JobMessage.Read(message) switch
            {
                JobMessage.One one => ([one.Job], "Every delivery of the job's message failed; the workers' log has the reasons."),
                JobMessage.Several several => (several.Jobs, string.Create(CultureInfo.InvariantCulture, $"Every delivery of the message that the job shares with {several.Jobs.Count - 1} others failed; the workers' log has the reasons.")),
                JobMessage.Batch batch => ([], $"Every delivery of the message for the batch '{batch.Blob}' of jobs of type '{batch.Type}' failed; the workers' log has the reasons."),
                _ => ([], "The message is of a kind that is not handled here."),
            };
        }
        catch (FormatException e)
        {
            return ([], e.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "Poison message of job {JobId}: {Reason}")]
    private static partial void Poisoned(ILogger log, string jobId, string reason);
}
