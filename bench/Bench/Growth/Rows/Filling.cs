using Npgsql;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Growth.Rows;

/// <summary>Fills the tables as years of work would: jobs of several types and ends, spread evenly over the retention.</summary>
internal sealed class Filling(NpgsqlDataSource source, int mostFinished)
{
    private const int Chunk = 250_000;

    // What the app's ids look like: 48 bits of milliseconds, version and variant, the type's tag.
    private const string Id = "(lpad(to_hex((extract(epoch from created) * 1000)::bigint), 12, '0') || '7' || substr(dice, 1, 3) || '8' || substr(dice, 4, 11) || tag)::uuid";

    private const string Types = "case when dice < '0004' then 'rare' when dice < '5' then 'profile' else 'spin' end as type, case when dice < '0004' then '0a0a' when dice < '5' then '1b1b' else '2c2c' end as tag";

    private int _finished;

    /// <summary>Adds finished jobs, the older ones first, until there are so many. One in fifty failed, one in a hundred was cancelled.</summary>
    public async Task FinishAsync(int finished, Action<string> progress, CancellationToken cancellationToken)
    {
        for (; _finished < finished; _finished = Math.Min(_finished + Chunk, finished))
        {
            var end = Math.Min(_finished + Chunk, finished);
            await source.ExecuteAsync(FormattableString.Invariant($$"""
                begin;
                set local synchronous_commit = off;
                set local session_replication_role = replica; -- No signals, no look at foreign keys.
                with made as (
                    select {{Id}} as id, type, created, case when dice like '%00' or dice like '%11' or dice like '%22' or dice like '%33' or dice like '%44' then 'failed' when dice like '%ab' or dice like '%cd' then 'cancelled' else 'succeeded' end as status
                    from (select now() - interval '6 days 22 hours' * (1 - i::double precision / {{mostFinished}}) - interval '1 minute' as created, dice, {{Types}}
                          from (select i, md5(i::text) as dice from generate_series({{_finished + 1}}, {{end}}) as i) as one) as kind),
                jobs as (
                    insert into slowlane.job (id, type, status, attempt, max_attempts, fence, input, progress, created_at, started_at, finished_at, error_type, error_title, error_detail, trace)
                    select id, type, status, 1, 5, 1, '{"id":7,"batch":"growth","job":12,"spin_ms":20}', case status when 'succeeded' then 1 end, created, created + interval '40 milliseconds', created + interval '90 milliseconds',
                        case status when 'failed' then 'time-limit' end, case status when 'failed' then 'The job took too long.' end, case status when 'failed' then 'It was stopped after an hour, its limit.' end,
                        '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
                    from made)
                insert into slowlane.result (job_id, body) select id, '{"id":7,"value":"' || repeat(id::text, 4) || '","spun":20.04}' from made where status = 'succeeded';
                commit
                """), cancellationToken);
            progress(FormattableString.Invariant($"{end:N0} finished jobs"));
        }

        await SettleAsync(cancellationToken);
        await source.ExecuteAsync("analyze slowlane.job", cancellationToken);
    }

    /// <summary>Replaces the queued jobs by so many: four in five due for up to ten minutes, the rest to be tried again later.</summary>
    /// <remarks>The planner's figures stay those of a table without them: a burst is too small a part of a large table for new ones.</remarks>
    public async Task QueueAsync(int queued, CancellationToken cancellationToken)
    {
        await source.ExecuteAsync(FormattableString.Invariant($$"""
            delete from slowlane.job where status in ('queued', 'running');
            insert into slowlane.job (id, type, status, attempt, max_attempts, fence, due_at, input, created_at)
            select {{Id}}, type, 'queued', 0, 5, 0, created + case when dice like '%0' or dice like '%5' or dice like '%a' then interval '1 hour' else interval '0' end, '{"id":7,"batch":"growth","job":12,"spin_ms":20}', created
            from (select now() - interval '10 minutes' * (1 - i::double precision / {{Math.Max(1, queued)}}) as created, md5('q' || i || now()) as dice, {{Types.Replace("dice", "md5('q' || i || now())", StringComparison.Ordinal)}}
                  from generate_series(1, {{queued}}) as i) as one
            """), cancellationToken);
        await SettleAsync(cancellationToken);
    }

    /// <summary>Lets all that is queued pass through to its end, and no vacuum come: what is left of each step is still there.</summary>
    public Task WearAsync(CancellationToken cancellationToken) => source.ExecuteAsync(
        """
        update slowlane.job set status = 'running', due_at = null, lease_until = now() + interval '30 seconds', attempt = 1, fence = 1, started_at = now(), worker = 'growth' where status = 'queued';
        update slowlane.job set lease_until = now() + interval '40 seconds' where status = 'running';
        update slowlane.job set status = 'succeeded', lease_until = null, worker = null, finished_at = now() where status = 'running'
        """,
        cancellationToken);

    // As autovacuum would, but when we say so: what it finds and when depends on the clock.
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await source.ExecuteAsync("alter table slowlane.job set (autovacuum_enabled = off)", cancellationToken);
        await source.ExecuteAsync("vacuum slowlane.job", cancellationToken);
        await source.ExecuteAsync("vacuum analyze slowlane.result", cancellationToken);
        await source.ExecuteAsync("checkpoint", cancellationToken);
    }
}
