using Npgsql;
using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>Keeps the leases of running jobs. Every time is the database's own, as for <see cref="ClaimStore"/>.</summary>
internal sealed class LeaseStore(Database database, SlowlaneOptions options)
{
    // Not a row that is being written: its lease is its holder's until that is over, and the others' must not wait for it.
    private const string Renew = $"""
        with held as (
            select j.id, g.progress from unnest($1::uuid[], $2::bigint[], $3::double precision[]) as g (id, fence, progress)
            join slowlane.job j on j.id = g.id and j.fence = g.fence
            where {JobState.IsRunning} for no key update of j skip locked)
        update slowlane.job j set lease_until = now() + $4, progress = coalesce(held.progress, j.progress)
        from held where j.id = held.id returning j.id
        """;

    private const string Lost = $"""
        select g.id from unnest($1::uuid[], $2::bigint[]) as g (id, fence)
        where not exists (select 1 from slowlane.job j where j.id = g.id and j.fence = g.fence and ({JobState.IsRunning} or {JobState.IsSucceeded}))
        """;

    private const string Written = $"""
        select j.id from unnest($1::uuid[], $2::bigint[]) as g (id, fence)
        join slowlane.job j on j.id = g.id and j.fence = g.fence where {JobState.IsSucceeded}
        """;

    /// <summary>How long a lease lasts.</summary>
    public TimeSpan Lease => options.Lease;

    /// <summary>Lengthens leases and notes the progress; returns those that are no longer ours, their jobs not written by us.</summary>
    public async Task<IReadOnlyList<Claim>> RenewAsync(IReadOnlyList<(Claim Claim, double? Progress)> held, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            Renew,
            Each(held, job => job.Claim.Id.Value),
            Each(held, job => job.Claim.Fence),
            Each(held, job => job.Progress),
            Lease);
        command.CommandTimeout = Math.Max(1, (int)Lease.TotalSeconds / 3); // A beat that hangs must not cost the lease.
        var renewed = await IdsAsync(command, cancellationToken);
        if (renewed.Count == held.Count)
        {
            return [];
        }

        // Being written, written, or another's.
        var others = held.Select(job => job.Claim).Where(claim => !renewed.Contains(claim.Id)).ToList();
        await using var ask = database.Command(Lost, Each(others, claim => claim.Id.Value), Each(others, claim => claim.Fence));
        ask.CommandTimeout = command.CommandTimeout;
        var lost = await IdsAsync(ask, cancellationToken);
        return [.. others.Where(claim => lost.Contains(claim.Id))];
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
