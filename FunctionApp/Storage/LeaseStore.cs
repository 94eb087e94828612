using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Keeps the leases of running jobs. Every time is the database's own, as for <see cref="ClaimStore"/>.</summary>
internal sealed class LeaseStore(Database database, SlowlaneOptions options)
{
    // In the order of the ids, like every statement here that holds several rows.
    private const string Renew = """
        with held as (
            select j.id, g.progress from unnest($1::uuid[], $2::bigint[], $3::double precision[]) as g (id, fence, progress)
            join slowlane.job j on j.id = g.id and j.fence = g.fence
            where j.status = 'running' order by j.id for no key update of j)
        update slowlane.job j set lease_until = now() + $4, progress = coalesce(held.progress, j.progress)
        from held where j.id = held.id returning j.id
        """;

    private const string Written = """
        select j.id from unnest($1::uuid[], $2::bigint[]) as g (id, fence)
        join slowlane.job j on j.id = g.id and j.fence = g.fence where j.status = 'succeeded'
        """;

    /// <summary>Lengthens leases and notes the progress; returns those that are no longer ours and whose job is not written by us.</summary>
    public async Task<IReadOnlyList<Claim>> RenewAsync(IReadOnlyList<(Claim Claim, double? Progress)> held, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            Renew,
            Each(held, job => job.Claim.Id.Value),
            Each(held, job => job.Claim.Fence),
            Each(held, job => job.Progress),
            options.Lease);
        command.CommandTimeout = Math.Max(1, (int)options.Lease.TotalSeconds / 3); // A beat that hangs must not cost the lease.
        var renewed = await IdsAsync(command, cancellationToken);
        if (renewed.Count == held.Count)
        {
            return [];
        }

        // A beat that came while the result was being written has waited for the row until the commit. In a statement of its
        // own: one that waited sees the row as it was before.
        var others = held.Select(job => job.Claim).Where(claim => !renewed.Contains(claim.Id)).ToList();
        var written = await WrittenAsync(others, cancellationToken);
        return [.. others.Where(claim => !written.Contains(claim.Id))];
    }

    /// <summary>Which of these jobs are written, under the claim's own fencing token.</summary>
    public async Task<HashSet<JobId>> WrittenAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Written, Each(claims, claim => claim.Id.Value), Each(claims, claim => claim.Fence));
        return await IdsAsync(command, cancellationToken);
    }

    private static async Task<HashSet<JobId>> IdsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new HashSet<JobId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(JobId.FromRow(reader.GetGuid(0)));
        }

        return ids;
    }

    private static TPart[] Each<T, TPart>(IReadOnlyList<T> all, Func<T, TPart> part) => [.. all.Select(part)];
}
