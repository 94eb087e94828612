using Npgsql;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Storage.Transitions;

namespace Slowlane.Maintenance;

/// <summary>A stored poison message.</summary>
/// <param name="Id">Grows with every stored message.</param>
/// <param name="Job">The job of the message. Null if the message can't be read or has several jobs.</param>
/// <param name="Reason">Why the message is poison.</param>
/// <param name="ReceivedAt">When the message came.</param>
/// <param name="ReplayedAt">When the message was sent again, if it was. If it becomes poison again, it is stored as a new message.</param>
/// <param name="Body">The first <see cref="PoisonStore.BodyShown"/> characters of the message.</param>
/// <param name="BodyLength">The number of all its characters.</param>
internal sealed record PoisonMessage(long Id, JobId? Job, string Reason, DateTimeOffset ReceivedAt, DateTimeOffset? ReplayedAt, string Body, int BodyLength);

/// <summary>The result of a replay.</summary>
internal abstract record Replay
{
    private Replay()
    {
    }

    /// <summary>The message was sent again and its job is queued.</summary>
    public sealed record Sent(JobId? Job) : Replay;

    /// <summary>There is no such message.</summary>
    public sealed record Unknown : Replay;

    /// <summary>The message was already sent again.</summary>
    public sealed record SentBefore(DateTimeOffset At) : Replay;

    /// <summary>The message is larger than any message of this app, and than the queue accepts once it is encoded.</summary>
    public sealed record TooLarge(int Bytes) : Replay;

    /// <summary>The message's job is not one that failed by it: the job runs, or ended otherwise. Of several jobs, this is true of each.</summary>
    public sealed record NotItsJob(JobId Job, string Status) : Replay;
}

/// <summary>Lists poison messages, and sends one again.</summary>
internal sealed class PoisonStore(Database database, JobQueue queue, JobRegistry types)
{
    /// <summary>How many characters of a message a list shows: enough to recognise it. The whole message is in <c>slowlane.poison</c>.</summary>
    public const int BodyShown = 1000;

    private const string Take = "update slowlane.poison set replayed_at = now() where id = $1 and replayed_at is null returning job_id, body";

    // The row has the job's input, so the job also runs when a later wake-up comes instead of this message. The maximum of
    // attempts is raised, because the recorder inserts a missing row with one attempt.
    private const string Requeue = $"""
        with requeued as (
            update slowlane.job as j set {JobTransition.Requeue}, max_attempts = greatest(j.max_attempts, $2)
            where j.id = $1 and {JobState.IsFailed} and j.error_type = 'poisoned' returning 1),
        forgotten as (
            delete from slowlane.cancellation where job_id = $1 and exists (select from requeued))
        select status from slowlane.job where id = $1 and not exists (select from requeued)
        """;

    /// <summary>Lists the messages that were stored before the given one, the latest first.</summary>
    public Task<List<PoisonMessage>> ListAsync(long before, int limit, CancellationToken cancellationToken)
        => database.RunRepeatableAsync(() => MessagesAsync(before, limit, cancellationToken), cancellationToken);

    private async Task<List<PoisonMessage>> MessagesAsync(long before, int limit, CancellationToken cancellationToken)
    {
        var messages = new List<PoisonMessage>();
        await using var command = database.Command(
            "select id, job_id, reason, received_at, replayed_at, left(body, $3), length(body) from slowlane.poison where id < $1 order by id desc limit $2", before, limit, BodyShown);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            messages.Add(Message(reader));
        }

        return messages;
    }

    /// <summary>Sends a message again as it was stored, and queues the jobs that failed by it.</summary>
    /// <remarks>
    /// The message is sent before the commit. If the process dies in between, the message reaches a finished job and is dropped,
    /// and the replay can be requested again. A worker that receives the message before the commit waits for it at the row.
    /// </remarks>
    public async Task<Replay> ReplayAsync(long id, CancellationToken cancellationToken)
    {
        await database.ReadyAsync(cancellationToken);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await TakeAsync(id, transaction, cancellationToken) is not { } taken)
        {
            return await SentBeforeAsync(id, cancellationToken);
        }

        if (await RequeueAsync(taken.Job is { } one ? [one] : Shared(taken.Body), transaction, cancellationToken) is { } other)
        {
            return other;
        }

        var message = new BinaryData(taken.Body);
        if (message.ToMemory().Length > Envelope.MaxBytes)
        {
            return new Replay.TooLarge(message.ToMemory().Length);
        }

        await queue.SendAsync(message, TimeSpan.Zero, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new Replay.Sent(taken.Job);
    }

    private static async Task<(JobId? Job, string Body)?> TakeAsync(long id, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Take, transaction.Connection, transaction) { CommandTimeout = Database.MaxStatementSeconds, Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (Job(reader, 0), reader.GetString(1)) : null;
    }

    // The jobs of a shared message. It is stored once and without a job id, so the ids are read from its body.
    private static JobId[] Shared(string message)
    {
        try
        {
            return JobMessage.Read(message) is JobMessage.Several several ? [.. several.Jobs.Select(job => job.Id).OrderBy(id => id.Value)] : [];
        }
        catch (FormatException)
        {
            return []; // The message was already unreadable when it came.
        }
    }

    // Returns null if at least one job is queued or there is none. The claim drops the jobs that are not queued.
    private async Task<Replay.NotItsJob?> RequeueAsync(JobId[] jobs, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        Replay.NotItsJob? other = null;
        var queued = jobs.Length == 0;
        foreach (var job in jobs)
        {
            var status = await RequeueAsync(job, transaction, cancellationToken);
            other = status is null ? other : new Replay.NotItsJob(job, status);
            queued |= status is null;
        }

        return queued ? null : other;
    }

    // Returns null if the job is queued or does not exist, otherwise its status.
    private async Task<string?> RequeueAsync(JobId job, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Requeue, transaction.Connection, transaction)
        {
            CommandTimeout = Database.MaxStatementSeconds,
            Parameters = { new() { Value = job.Value }, new() { Value = types.FindByTag(job.TypeTag)?.Options.MaxAttempts ?? 1 } },
        };
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task<Replay> SentBeforeAsync(long id, CancellationToken cancellationToken)
    {
        await using var command = database.Command("select replayed_at from slowlane.poison where id = $1", id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Replay.SentBefore(Time(reader, 0)) : new Replay.Unknown();
    }

    private static PoisonMessage Message(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        Job(reader, 1),
        reader.GetString(2),
        Time(reader, 3),
        reader.IsDBNull(4) ? null : Time(reader, 4),
        reader.GetString(5),
        reader.GetInt32(6));

    private static DateTimeOffset Time(NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    private static JobId? Job(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : JobId.FromRow(reader.GetGuid(column));
}
