using Npgsql;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Storage.Transitions;

namespace Slowlane.Maintenance;

/// <summary>A message that no attempt could handle, as it is kept.</summary>
/// <param name="Id">Grows with every message that is kept.</param>
/// <param name="Job">The job it names, if it could be read.</param>
/// <param name="Reason">Why it is here.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="ReplayedAt">When it was sent again; if it comes back, it is kept anew.</param>
/// <param name="Body">Its first <see cref="PoisonStore.BodyShown"/> characters.</param>
/// <param name="BodyLength">All its characters.</param>
internal sealed record PoisonMessage(long Id, JobId? Job, string Reason, DateTimeOffset ReceivedAt, DateTimeOffset? ReplayedAt, string Body, int BodyLength);

/// <summary>What became of a replay.</summary>
internal abstract record Replay
{
    private Replay()
    {
    }

    /// <summary>Sent again, its job queued.</summary>
    public sealed record Sent(JobId? Job) : Replay;

    /// <summary>There is no such message.</summary>
    public sealed record Unknown : Replay;

    /// <summary>It was sent again before.</summary>
    public sealed record SentBefore(DateTimeOffset At) : Replay;

    /// <summary>It is larger than any message of this app, and than the queue takes once it is encoded.</summary>
    public sealed record TooLarge(int Bytes) : Replay;

    /// <summary>Its job goes on, or ended, without it; of several, each did.</summary>
    public sealed record NotItsJob(JobId Job, string Status) : Replay;
}

/// <summary>Lists the poison messages, and sends one again.</summary>
internal sealed class PoisonStore(Database database, JobQueue queue, JobRegistry types)
{
    /// <summary>So much of a message tells what it is; the whole is in <c>slowlane.poison</c>.</summary>
    public const int BodyShown = 1000;

    private const string Take = "update slowlane.poison set replayed_at = now() where id = $1 and replayed_at is null returning job_id, body";

    // The row has the job's input, so the job also runs when a later wake-up comes instead of this message. The recorder
    // made it for one attempt if there was no row before.
    private const string Requeue = $"""
        with requeued as (
            update slowlane.job as j set {JobTransition.Requeue}, max_attempts = greatest(j.max_attempts, $2)
            where j.id = $1 and {JobState.IsFailed} and j.error_type = 'poisoned' returning 1),
        forgotten as (
            delete from slowlane.cancellation where job_id = $1 and exists (select from requeued))
        select status from slowlane.job where id = $1 and not exists (select from requeued)
        """;

    /// <summary>The messages kept before the one named, the latest first.</summary>
    public async Task<List<PoisonMessage>> ListAsync(long before, int limit, CancellationToken cancellationToken)
    {
        var messages = new List<PoisonMessage>();
        await database.ReadyAsync(cancellationToken);
        await using var command = database.Command(
            "select id, job_id, reason, received_at, replayed_at, left(body, $3), length(body) from slowlane.poison where id < $1 order by id desc limit $2", before, limit, BodyShown);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            messages.Add(Message(reader));
        }

        return messages;
    }

    /// <summary>Sends a message again as it was kept, and queues the job that failed by it.</summary>
    /// <remarks>
    /// The message goes out before the commit: a process that dies in between has sent a message to a job that is
    /// finished, which is dropped, and the replay can be asked for again. A worker that is faster than the commit waits
    /// for it at the row.
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
        await using var command = new NpgsqlCommand(Take, transaction.Connection, transaction) { CommandTimeout = Database.LongestStatement, Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (Job(reader, 0), reader.GetString(1)) : null;
    }

    // The jobs of a message that several share; it is kept once, and names them itself.
    private static JobId[] Shared(string message)
    {
        try
        {
            return JobMessage.Read(message) is JobMessage.Several several ? [.. several.Jobs.Select(job => job.Id).OrderBy(id => id.Value)] : [];
        }
        catch (FormatException)
        {
            return []; // What it was when it came.
        }
    }

    // Null: a job is queued, or there is none. Those of several that aren't are dropped at the claim.
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

    // Null: the job is queued, or there is none.
    private async Task<string?> RequeueAsync(JobId job, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Requeue, transaction.Connection, transaction)
        {
            CommandTimeout = Database.LongestStatement,
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
