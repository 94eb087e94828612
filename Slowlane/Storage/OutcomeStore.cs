using Slowlane.Jobs;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>
/// Writes the outcomes of attempts that did not succeed. Every statement checks the fencing token, so a worker without the lease
/// writes nothing.
/// </summary>
internal sealed class OutcomeStore(Database database)
{
    private const string Leased = $"where j.id = $1 and j.fence = $2 and {JobState.IsRunning}";

    // Locks the rows until the transaction ends, so that no other claim comes between. Rows are locked in the order of their ids,
    // as by every statement that locks several.
    public const string LeasedRows = $"""
        leased as (
            select j.id from unnest($1::uuid[], $2::bigint[]) as g (id, fence) join slowlane.job j on j.id = g.id and j.fence = g.fence
            where {JobState.IsRunning} order by j.id for no key update of j)
        """;

    /// <summary>
    /// Queues the job again and charges the attempt. Returns false if the job is not queued, because it was cancelled meanwhile
    /// or the lease is lost.
    /// </summary>
    public Task<bool> RetryAsync(Claim claim, TimeSpan after, JobError error, CancellationToken cancellationToken) => ChangeAsync(
        $"""
        update slowlane.job as j set {JobTransition.Retry}
        from (select exists (select 1 from slowlane.cancellation where job_id = $1) as cancel_requested) as control
        {Leased} returning not cancel_requested
        """,
        [claim.Id.Value, claim.Fence, after, StorableText.Of(error.Type), StorableText.Of(error.Title), StorableText.Of(error.Detail)],
        cancellationToken);

    /// <summary>
    /// Queues jobs again without charging their attempts, and counts the outages that interrupted them. Returns the jobs that are
    /// queued now, as for <see cref="RetryAsync"/>.
    /// </summary>
    public async Task<IReadOnlyList<Claim>> ReleaseAsync(IReadOnlyList<Claim> claims, TimeSpan after, int outages, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            $"""
            with {LeasedRows},
            control as (
                select id, exists (select 1 from slowlane.cancellation where job_id = leased.id) as cancel_requested from leased)
            update slowlane.job as j set {JobTransition.Release}
            from control where j.id = control.id returning j.id, not cancel_requested
            """,
            claims.Column(claim => claim.Id.Value),
            claims.Column(claim => claim.Fence),
            after,
            outages);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var queued = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetBoolean(1))
            {
                queued.Add(reader.GetGuid(0));
            }
        }

        return [.. claims.Where(claim => queued.Contains(claim.Id.Value))];
    }

    /// <summary>Fails the job for good. Returns false if the lease is lost.</summary>
    public Task<bool> FailAsync(Claim claim, JobError error, CancellationToken cancellationToken) => ChangeAsync(
        $"update slowlane.job as j set {JobTransition.Fail}, error_type = $3, error_title = $4, error_detail = $5 {Leased} returning true",
        [claim.Id.Value, claim.Fence, StorableText.Of(error.Type), StorableText.Of(error.Title), StorableText.Of(error.Detail)],
        cancellationToken);

    /// <summary>Cancels the job. Returns false if the lease is lost, or if the job's result was already committed.</summary>
    public Task<bool> CancelAsync(Claim claim, CancellationToken cancellationToken) => ChangeAsync(
        $"update slowlane.job as j set {JobTransition.Cancel} {Leased} returning true",
        [claim.Id.Value, claim.Fence],
        cancellationToken);

    private async Task<bool> ChangeAsync(string sql, object?[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
