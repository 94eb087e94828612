using Slowlane.Jobs;
using Slowlane.Storage.Transitions;

namespace Slowlane.Storage;

/// <summary>Writes how attempts ended that did not succeed. Every statement checks the fencing token: who lost the lease writes nothing.</summary>
internal sealed class OutcomeStore(Database database)
{
    private const string Held = $"where j.id = $1 and j.fence = $2 and {JobState.IsRunning}";

    // Held until the transaction's end: no other claim comes between. In the order of their ids, as every statement does that holds several.
    public const string HeldOnes = $"""
        held as (
            select j.id from unnest($1::uuid[], $2::bigint[]) as g (id, fence) join slowlane.job j on j.id = g.id and j.fence = g.fence
            where {JobState.IsRunning} order by j.id for no key update of j)
        """;

    /// <summary>Queues the job again, the attempt charged. False when it isn't: cancelled meanwhile, or the lease no longer ours.</summary>
    public Task<bool> RetryAsync(Claim claim, TimeSpan after, JobError error, CancellationToken cancellationToken) => ChangeAsync(
        $"""
        update slowlane.job as j set {JobTransition.Retry}
        from (select exists (select 1 from slowlane.cancellation where job_id = $1) as cancel_requested) as control
        {Held} returning not cancel_requested
        """,
        [claim.Id.Value, claim.Fence, after, error.Type, StorableText.Of(error.Title), StorableText.Of(error.Detail)],
        cancellationToken);

    /// <summary>Queues jobs again, their attempts not charged; counts the outages that cut them off. Returns those that are queued now, as for <see cref="RetryAsync"/>.</summary>
    public async Task<IReadOnlyList<Claim>> ReleaseAsync(IReadOnlyList<Claim> claims, TimeSpan after, int outages, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            $"""
            with {HeldOnes},
            control as (
                select id, exists (select 1 from slowlane.cancellation where job_id = held.id) as cancel_requested from held)
            update slowlane.job as j set {JobTransition.Release}
            from control where j.id = control.id returning j.id, not cancel_requested
            """,
            Each(claims, claim => claim.Id.Value),
            Each(claims, claim => claim.Fence),
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

    /// <summary>Fails the job for good. False when the lease is no longer ours.</summary>
    public Task<bool> FailAsync(Claim claim, JobError error, CancellationToken cancellationToken) => ChangeAsync(
        $"update slowlane.job as j set {JobTransition.Fail}, error_type = $3, error_title = $4, error_detail = $5 {Held} returning true",
        [claim.Id.Value, claim.Fence, error.Type, StorableText.Of(error.Title), StorableText.Of(error.Detail)],
        cancellationToken);

    /// <summary>Cancels the job. False when the lease is no longer ours, or the job's commit had already landed.</summary>
    public Task<bool> CancelAsync(Claim claim, CancellationToken cancellationToken) => ChangeAsync(
        $"update slowlane.job as j set {JobTransition.Cancel} {Held} returning true",
        [claim.Id.Value, claim.Fence],
        cancellationToken);

    private async Task<bool> ChangeAsync(string sql, object?[] parameters, CancellationToken cancellationToken)
    {
        await using var command = database.Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static TPart[] Each<T, TPart>(IReadOnlyList<T> all, Func<T, TPart> part) => [.. all.Select(part)];
}
