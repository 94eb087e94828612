using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>Renews the leases of running jobs. Every time is the database's own, as for <see cref="ClaimStore"/>.</summary>
internal sealed class LeaseStore(Database database, SlowlaneOptions options)
{
    // Skips a row that is being written: its worker keeps the lease until the write is over, and the other jobs' renewal must not wait for it.
    private const string Renew = $"""
        with leased as (
            select j.id, g.progress from unnest($1::uuid[], $2::bigint[], $3::double precision[]) as g (id, fence, progress)
            join slowlane.job j on j.id = g.id and j.fence = g.fence
            where {JobState.IsRunning} for no key update of j skip locked)
        update slowlane.job j set lease_until = now() + $4, progress = coalesce(leased.progress, j.progress)
        from leased where j.id = leased.id returning j.id
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

    /// <summary>
    /// Renews leases and records the progress. Returns the claims that are lost; a job that this worker has written is not among
    /// them.
    /// </summary>
    public Task<IReadOnlyList<Claim>> RenewAsync(IReadOnlyList<(Claim Claim, double? Progress)> leased, CancellationToken cancellationToken)
        => StaleSession.RepeatAsync(database.Source, () => RenewOnceAsync(leased, cancellationToken)); // A lease that is renewed twice is renewed.

    private async Task<IReadOnlyList<Claim>> RenewOnceAsync(IReadOnlyList<(Claim Claim, double? Progress)> leased, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            Renew,
            leased.Column(job => job.Claim.Id.Value),
            leased.Column(job => job.Claim.Fence),
            leased.Column(job => job.Progress),
            Lease);
        command.Timeout = Math.Max(1, (int)Lease.TotalSeconds / 3); // A renewal that hangs must not cost the lease.
        var renewed = await IdsAsync(command, cancellationToken);
        if (renewed.Count == leased.Count)
        {
            return [];
        }

        // The row of each of these is being written, already written, or claimed by another worker.
        var others = leased.Select(job => job.Claim).Where(claim => !renewed.Contains(claim.Id)).ToList();
        await using var query = database.Command(Lost, others.Column(claim => claim.Id.Value), others.Column(claim => claim.Fence));
        query.Timeout = command.Timeout;
        var lost = await IdsAsync(query, cancellationToken);
        return [.. others.Where(claim => lost.Contains(claim.Id))];
    }

    /// <summary>Returns which of these jobs are written under the claim's own fencing token.</summary>
    public async Task<HashSet<JobId>> WrittenAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Written, claims.Column(claim => claim.Id.Value), claims.Column(claim => claim.Fence));
        return await IdsAsync(command, cancellationToken);
    }

    private static async Task<HashSet<JobId>> IdsAsync(NpgsqlBatch command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new HashSet<JobId>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(JobId.FromRow(reader.GetGuid(0)));
        }

        return ids;
    }
}
