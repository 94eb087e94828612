using Npgsql;
using Slowlane.LocalHost.Durable.Replay;

namespace Slowlane.LocalHost.Durable.Storage;

/// <summary>A step that this process took to decide it.</summary>
/// <param name="Instance">The instance's key.</param>
/// <param name="Lease">What proves that it is still this process's.</param>
/// <param name="Messages">Those that the step sees.</param>
/// <param name="Episode">The step.</param>
internal sealed record EpisodeWork(long Instance, Guid Lease, IReadOnlyList<long> Messages, Episode Episode);

/// <summary>Gives out the steps that are to decide, and takes what was decided: all of it, once, and only from who holds the lease.</summary>
internal sealed class EpisodeStore(DurableDatabase database, DurableOptions options)
{
    private const string Claim = """
        with found as (
            select i.key from slowlane_durable.instance i
            where i.hub = $1 and i.status in ('Pending', 'Running') and (i.leased_until is null or i.leased_until < now())
              and case i.status when 'Pending' then i.start_at <= now()
                  else exists (select from slowlane_durable.message m where m.instance = i.key and m.visible_at <= now()) end
            order by i.updated_at limit 1 for no key update skip locked)
        update slowlane_durable.instance i set lease = $2, leased_until = now() + $3
        from found where i.key = found.key
        returning i.key, i.id, i.name, i.input, clock_timestamp()
        """;

    private const string Messages = "select kind, visible_at, task_id, name, data, failure, null::timestamptz, id from slowlane_durable.message where instance = $1 and visible_at <= now() order by id";

    private readonly LeasedRows _leased = new(database, options.Lease, "instance", "key");

    /// <summary>The next step that nobody decides; null when there is none.</summary>
    public async Task<EpisodeWork?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var lease = Guid.NewGuid();
        var claimed = await connection.ReadAsync(
            Claim,
            [Sql.Text(options.HubName), Sql.Lease(lease), Sql.Span(options.Lease)],
            static row => (Key: row.GetInt64(0), Id: row.GetString(1), Name: row.GetString(2), Input: row.TextOrNull(3), Now: row.GetDateTime(4)),
            cancellationToken);
        if (claimed is not [var instance])
        {
            return null;
        }

        var past = await HistoryTable.ReadAsync(connection, instance.Key, cancellationToken);
        var messages = await connection.ReadAsync(Messages, [Sql.Number(instance.Key)], static row => (Event: HistoryTable.Event(row), Id: row.GetInt64(7)), cancellationToken);
        HistoryEvent[] news =
        [
            HistoryEvent.EpisodeStarted(instance.Now),
            .. past.Count == 0 ? [HistoryEvent.ExecutionStarted()] : Array.Empty<HistoryEvent>(),
            .. messages.Select(static message => message.Event),
        ];
        return new EpisodeWork(
            instance.Key, lease, [.. messages.Select(static message => message.Id)], new Episode(instance.Name, instance.Id, instance.Input, past, news));
    }

    /// <summary>Records what was decided; false when the lease was lost, and another decides.</summary>
    public async Task<bool> CommitAsync(EpisodeWork work, Decision decision, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await DecideAsync(connection, work, decision, cancellationToken))
        {
            return false;
        }

        HistoryEvent[] events = [.. work.Episode.News, .. decision.Actions, .. decision.End is { } end ? [end] : Array.Empty<HistoryEvent>()];
        await HistoryTable.AppendAsync(connection, work, events, cancellationToken);
        await BeginAsync(connection, work.Instance, decision.Actions, cancellationToken);
        await connection.ExecuteAsync(
            decision.End is null ? "delete from slowlane_durable.message where id = any($1)" : "delete from slowlane_durable.message where instance = $2 or id = any($1)",
            decision.End is null ? [Sql.Numbers(work.Messages)] : [Sql.Numbers(work.Messages), Sql.Number(work.Instance)],
            cancellationToken);
        await connection.ExecuteAsync($"notify {DurableDatabase.Channel}", [], cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public Task<bool> RenewAsync(EpisodeWork work, CancellationToken cancellationToken) => _leased.RenewAsync(work.Instance, work.Lease, cancellationToken);

    /// <summary>Gives a step back undecided.</summary>
    public Task ReleaseAsync(EpisodeWork work, CancellationToken cancellationToken) => _leased.ReleaseAsync(work.Instance, work.Lease, cancellationToken);

    private static async Task<bool> DecideAsync(NpgsqlConnection connection, EpisodeWork work, Decision decision, CancellationToken cancellationToken) => await connection.ExecuteAsync(
        """
        update slowlane_durable.instance
        set status = $3, output = $4, failure = $5, custom_status = $6, updated_at = now(), lease = null, leased_until = null
        where key = $1 and lease = $2 and status in ('Pending', 'Running')
        """,
        [
            Sql.Number(work.Instance),
            Sql.Lease(work.Lease),
            Sql.Text(decision.End?.Kind switch { null => "Running", EventKind.ExecutionCompleted => "Completed", _ => "Failed" }),
            Sql.Text(decision.End?.Data),
            Sql.Text(Failures.Write(decision.End?.Failure)),
            Sql.Text(decision.CustomStatus),
        ],
        cancellationToken) == 1;

    private async Task BeginAsync(NpgsqlConnection connection, long instance, IReadOnlyList<HistoryEvent> actions, CancellationToken cancellationToken)
    {
        var tasks = actions.Where(static action => action.Kind is EventKind.TaskScheduled).ToList();
        var timers = actions.Where(static action => action.Kind is EventKind.TimerCreated).ToList();
        if (tasks.Count > 0)
        {
            await connection.ExecuteAsync(
                "insert into slowlane_durable.activity (instance, hub, task_id, name, input) select $1, $2, task_id, name, input from unnest($3, $4, $5) with ordinality as task (task_id, name, input, n) order by n",
                [
                    Sql.Number(instance),
                    Sql.Text(options.HubName),
                    Sql.Ids(tasks.Select(static task => task.TaskId)),
                    Sql.Texts(tasks.Select(static task => task.Name)),
                    Sql.Texts(tasks.Select(static task => task.Data)),
                ],
                cancellationToken);
        }

        if (timers.Count > 0)
        {
            await connection.ExecuteAsync(
                "insert into slowlane_durable.message (instance, kind, task_id, visible_at) select $1, 'TimerFired', task_id, fire_at from unnest($2, $3) as timer (task_id, fire_at)",
                [Sql.Number(instance), Sql.Ids(timers.Select(static timer => timer.TaskId)), Sql.Times(timers.Select(static timer => timer.FireAt))],
                cancellationToken);
        }
    }
}
