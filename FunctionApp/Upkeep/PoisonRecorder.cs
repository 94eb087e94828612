using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Upkeep;

/// <summary>Ends the job of a message that no attempt could handle, and keeps the message.</summary>
public sealed partial class PoisonRecorder
{
    // The job may have no row yet, or be finished: then its end stands and only the message is kept.
    private const string Record = """
        with kept as (
            insert into slowlane.poison (job_id, body, reason) values ($1, $2, $3))
        insert into slowlane.job as j
            (id, type, status, attempt, max_attempts, fence, input, input_blob, created_at, finished_at, error_type, error_title, error_detail)
        select $1, $4, 'failed', 0, 1, 1, $5, $6, $7, now(), 'poisoned', 'The job''s message could not be handled.', $3
        where $1 is not null and not exists (select 1 from slowlane.purged where id = $1)
        on conflict (id) do update set status = 'failed', fence = j.fence + 1, worker = null, lease_until = null, due_at = null,
            finished_at = now(), error_type = excluded.error_type, error_title = excluded.error_title, error_detail = excluded.error_detail
        where j.status = 'queued' or (j.status = 'running' and j.lease_until < now())
        """;

    // Cancelled before its message came: then only the message knows what the job is, and a retry needs it.
    private const string Complete = """
        update slowlane.job set type = $2, input = $3, input_blob = $4 where id = $1 and input is null and input_blob is null
        """;

    private readonly Database _database;
    private readonly Patience _patience;
    private readonly ILogger<PoisonRecorder> _log;

    internal PoisonRecorder(Database database, Patience patience, ILogger<PoisonRecorder> log)
    {
        _database = database;
        _patience = patience;
        _log = log;
    }

    /// <summary>Records one message from the poison queue.</summary>
    public Task RecordAsync(string message, CancellationToken cancellationToken)
    {
        var text = MessageText.Of(message);
        var (envelope, reason) = Understand(text);
        Poisoned(_log, envelope?.Id.ToString() ?? "unknown", reason);
        return _patience.WaitOutAsync(() => WriteAsync(text, envelope, reason, cancellationToken), cancellationToken);
    }

    private async Task WriteAsync(string message, Envelope? envelope, string reason, CancellationToken cancellationToken)
    {
        await _database.ReadyAsync(cancellationToken);
        if (envelope is { IsWakeUp: false })
        {
            await using var complete = _database.Command(Complete, envelope.Id.Value, Storable(envelope.Type), envelope.Input, envelope.Blob);
            await complete.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = _database.Command(
            Record,
            envelope?.Id.Value,
            Storable(message),
            Storable(reason),
            envelope is null ? null : Storable(envelope.Type),
            envelope?.Input,
            envelope?.Blob,
            envelope?.Id.CreatedAt);
        command.Parameters[0].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid;
        command.Parameters[6].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // PostgreSQL's text has no NUL.
    private static string Storable(string text) => text.Replace('\0', '\uFFFD');

    private static (Envelope? Envelope, string Reason) Understand(string message)
    {
        try
        {
            return (((JobMessage.One)JobMessage.Read(message)).Job, "Every delivery of the job's message failed; the workers' log has the reasons.");
        }
        catch (FormatException e)
        {
            return (null, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "Poison message of job {JobId}: {Reason}")]
    private static partial void Poisoned(ILogger log, string jobId, string reason);
}
