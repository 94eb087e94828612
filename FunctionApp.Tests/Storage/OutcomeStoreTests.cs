using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class OutcomeStoreTests : IAsyncLifetime
{
    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Success_WritesTheEffectAndTheResultAndTheStatus()
    {
        var claim = await _stores.ClaimNewAsync();

        await SucceedAsync(claim);

        Assert.Equal(JobStatus.Succeeded, (await _stores.RowAsync(claim.Id)).Status);
        Assert.Equal(new StoredResult("{}", Blob: null), await _stores.Jobs.ResultAsync(claim.Id, CancellationToken.None));
        Assert.Equal(1, await EffectsAsync());
    }

    [Fact]
    public async Task Success_OfAWorkerThatLostItsLease_WritesNothing()
    {
        var stale = await _stores.ClaimNewAsync();
        await _stores.ExpireAsync(stale.Id);
        var current = (await _stores.WakeAsync(stale.Id))!;

        await Assert.ThrowsAsync<LeaseLostException>(() => SucceedAsync(stale));
        Assert.Equal(0, await EffectsAsync());

        await SucceedAsync(current);
        await Assert.ThrowsAsync<LeaseLostException>(() => SucceedAsync(stale));
        Assert.Equal(1, await EffectsAsync());
    }

    [Fact]
    public async Task Success_TriedAgainAfterALostAnswer_HasItsEffectOnce()
    {
        var claim = await _stores.ClaimNewAsync();

        await SucceedAsync(claim);
        await SucceedAsync(claim);

        Assert.Equal(1, await EffectsAsync());
    }

    [Fact]
    public async Task Success_OfManyTriedAgainAfterALostAnswer_HasItsEffectsOnce()
    {
        var (first, second, lost) = (await _stores.ClaimNewAsync(), await _stores.ClaimNewAsync(), await _stores.ClaimNewAsync());
        await _stores.ExpireAsync(lost.Id);
        await _stores.WakeAsync(lost.Id);

        Assert.Equal([first.Id], await SucceedAsync([first, lost]));
        Assert.Equal(new HashSet<JobId> { first.Id, second.Id }, await SucceedAsync([first, second, lost]));

        Assert.Equal(2, await EffectsAsync());
        Assert.Equal(2, await _stores.Sql.QueryAsync<long>("select count(*) from slowlane.result"));
    }

    [Fact]
    public async Task Success_WhoseWriteFails_LeavesTheJobRunningAndNoEffect()
    {
        var claim = await _stores.ClaimNewAsync();

        await Assert.ThrowsAsync<PostgresException>(() => _stores.Written.SucceedAsync(
            claim,
            CancellationToken.None,
            write: async (transaction, cancellationToken) =>
            {
                await EffectAsync(transaction, cancellationToken);
                await using var broken = new NpgsqlCommand("select 1/0", transaction.Connection, transaction);
                await broken.ExecuteNonQueryAsync(cancellationToken);
            }));

        Assert.Equal(JobStatus.Running, (await _stores.RowAsync(claim.Id)).Status);
        Assert.Equal(0, await EffectsAsync());
    }

    [Fact]
    public async Task Success_WhoseWriteWentOnAfterAFailedStatement_IsNotTakenForOne()
    {
        var claim = await _stores.ClaimNewAsync();

        var refused = await Assert.ThrowsAsync<JobException>(() => _stores.Written.SucceedAsync(
            claim,
            CancellationToken.None,
            write: async (transaction, cancellationToken) =>
            {
                await EffectAsync(transaction, cancellationToken);
                await using var broken = new NpgsqlCommand("select 1/0", transaction.Connection, transaction);
                await Assert.ThrowsAsync<PostgresException>(() => broken.ExecuteNonQueryAsync(cancellationToken));
            }));

        Assert.Equal(("write-incomplete", true), (refused.Code, refused.IsTransient));
        Assert.Equal(JobStatus.Running, (await _stores.RowAsync(claim.Id)).Status);
        Assert.Equal(0, await EffectsAsync());
        await SucceedAsync(claim);
        Assert.Equal(1, await EffectsAsync());
    }

    [Fact]
    public async Task Success_OfAWorkerThatStandsStillInItsWrite_GoesToAnotherAfterTheLease()
    {
        var options = _stores.Options with { Lease = TimeSpan.FromSeconds(1) };
        var (claims, results) = (new ClaimStore(_stores.Ready, options), new ResultStore(_stores.Ready, _stores.Results, _stores.Leases, options));
        var envelope = TestStores.Submitted();
        var claim = (await claims.ClaimAsync(envelope, TestStores.Spin, CancellationToken.None))!;
        var still = new TaskCompletionSource();
        var frozen = results.SucceedAsync(
            claim,
            CancellationToken.None,
            write: async (transaction, cancellationToken) =>
            {
                await still.Task;
                await EffectAsync(transaction, cancellationToken);
            });

        Claim? other;
        do
        {
            other = await claims.ClaimAsync(envelope, TestStores.Spin, TestContext.Current.CancellationToken);
        }
        while (other is null);

        still.SetResult();
        Assert.True(Outage.Is(await Assert.ThrowsAnyAsync<NpgsqlException>(() => frozen)));
        await SucceedAsync(other);
        await Assert.ThrowsAsync<LeaseLostException>(() => SucceedAsync(claim));
        Assert.Equal(1, await EffectsAsync());
    }

    [Fact]
    public async Task EveryOtherOutcome_OfAWorkerThatLostItsLease_ChangesNothing()
    {
        var stale = await _stores.ClaimNewAsync();
        await _stores.ExpireAsync(stale.Id);
        await _stores.WakeAsync(stale.Id);
        var error = new JobError("x", "x", "x");

        Assert.False(await _stores.Outcomes.FailAsync(stale, error, CancellationToken.None));
        Assert.False(await _stores.Outcomes.RetryAsync(stale, TimeSpan.Zero, error, CancellationToken.None));
        Assert.Empty(await _stores.Outcomes.ReleaseAsync([stale], TimeSpan.Zero, 0, CancellationToken.None));
        Assert.Equal(JobStatus.Running, (await _stores.RowAsync(stale.Id)).Status);
    }

    [Fact]
    public async Task Release_ChargesNoAttempt()
    {
        var claim = await _stores.ClaimNewAsync();

        Assert.Equal([claim], await _stores.Outcomes.ReleaseAsync([claim], TimeSpan.Zero, 1, CancellationToken.None));

        var row = await _stores.RowAsync(claim.Id);
        Assert.Equal((JobStatus.Queued, 0), (row.Status, row.Attempt));
        var again = (await _stores.WakeAsync(claim.Id))!;
        Assert.Equal((1, 1), (again.Attempt, again.Outages));
    }

    private Task<IReadOnlySet<JobId>> SucceedAsync(Claim[] claims) => _stores.Written.SucceedAsync(
        [.. claims.Select(claim => (claim, Attempts.Computed(claim)))],
        async (computed, transaction, cancellationToken) =>
        {
            foreach (var _ in computed)
            {
                await EffectAsync(transaction, cancellationToken);
            }
        },
        CancellationToken.None);

    private Task SucceedAsync(Claim claim) => _stores.Written.SucceedAsync(claim, CancellationToken.None, write: EffectAsync);

    private static async Task EffectAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var effect = new NpgsqlCommand("insert into result (batch, job, profile_id, value) values ('', 0, 0, '')", transaction.Connection, transaction);
        await effect.ExecuteNonQueryAsync(cancellationToken);
    }

    private Task<long> EffectsAsync() => _stores.Sql.QueryAsync<long>("select count(*) from result");
}
