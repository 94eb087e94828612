using Npgsql;
using Slowlane.Bench.Hosts;
using Slowlane.Jobs;

namespace Slowlane.Bench.Growth.Rows;

/// <summary>Finished jobs to ask for, from all over the table, and where a reader is deep in a list.</summary>
internal sealed record Sample(IReadOnlyList<JobId> Finished, JobId Deep, DateTimeOffset OldestDue)
{
    public static async Task<Sample> TakeAsync(NpgsqlDataSource source, int size, CancellationToken cancellationToken)
    {
        var finished = await source.ListAsync<Guid>(
            FormattableString.Invariant($"""
                select coalesce((select id from slowlane.job where finished_at >= now() - interval '6 days 22 hours' * i / {size} order by finished_at limit 1), uuidv7())
                from generate_series(1, {size}) as i order by md5(i::text)
                """),
            cancellationToken);
        var oldest = await source.ValueAsync<DateTime>("select coalesce(min(due_at), now()) from slowlane.job where status = 'queued'", cancellationToken);
        JobId[] ids = [.. finished.Select(JobId.FromRow)];
        return new Sample(ids, ids.OrderBy(id => id.CreatedAt).ElementAt(ids.Length / 2), new DateTimeOffset(oldest));
    }
}
