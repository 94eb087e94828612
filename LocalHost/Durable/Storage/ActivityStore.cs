using Microsoft.DurableTask;

namespace Slowlane.LocalHost.Durable.Storage;

/// <summary>An activity that this process took to run it.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Lease">What proves that it is still this process's.</param>
/// <param name="InstanceId">The instance that wants it.</param>
/// <param name="Name">The function.</param>
/// <param name="Input">Its input as JSON.</param>
internal sealed record ActivityWork(long Id, Guid Lease, string InstanceId, string Name, string? Input);

/// <summary>Gives out activities one at a time, so that many workers share them evenly, and takes one result for each.</summary>
internal sealed class ActivityStore(DurableDatabase database, DurableOptions options)
{
    private const string Claim = """
        with found as (
            select id from slowlane_durable.activity
            where hub = $1 and (leased_until is null or leased_until < now())
            order by id limit 1 for no key update skip locked)
        update slowlane_durable.activity a set lease = $2, leased_until = now() + $3
        from found, slowlane_durable.instance i where a.id = found.id and i.key = a.instance
        returning a.id, i.id, a.name, a.input
        """;

    private const string Complete = """
        with ended as (delete from slowlane_durable.activity where id = $1 returning instance, task_id),
        told as (
            insert into slowlane_durable.message (instance, kind, task_id, data, failure)
            select e.instance, $2, e.task_id, $3, $4 from ended e join slowlane_durable.instance i on i.key = e.instance where i.status = 'Running'
            returning instance)
        select pg_notify('slowlane_durable', '') from told
        """;

    private readonly LeasedRows _leased = new(database, options.Lease, "activity", "id");

    /// <summary>The next activity that nobody runs; null when there is none.</summary>
    public async Task<ActivityWork?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var lease = Guid.NewGuid();
        var claimed = await connection.ReadAsync(
            Claim,
            [Sql.Text(options.HubName), Sql.Lease(lease), Sql.Span(options.Lease)],
            row => new ActivityWork(row.GetInt64(0), lease, row.GetString(1), row.GetString(2), row.TextOrNull(3)),
            cancellationToken);
        return claimed is [var work] ? work : null;
    }

    /// <summary>Records a result. The first one counts, whoever brings it: one that comes late, when another was recorded, is dropped.</summary>
    public async Task CompleteAsync(ActivityWork work, string? result, TaskFailureDetails? failure, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            Complete,
            [Sql.Number(work.Id), Sql.Text(failure is null ? nameof(Replay.EventKind.TaskCompleted) : nameof(Replay.EventKind.TaskFailed)), Sql.Text(result), Sql.Text(Failures.Write(failure))],
            cancellationToken);
    }

    public Task<bool> RenewAsync(ActivityWork work, CancellationToken cancellationToken) => _leased.RenewAsync(work.Id, work.Lease, cancellationToken);

    /// <summary>Gives an activity back, for another worker to run.</summary>
    public Task ReleaseAsync(ActivityWork work, CancellationToken cancellationToken) => _leased.ReleaseAsync(work.Id, work.Lease, cancellationToken);
}
