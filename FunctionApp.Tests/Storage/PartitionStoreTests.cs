using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class PartitionStoreTests : IAsyncLifetime
{
    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Parts_SavedInAnyOrderAndTwice_ComeBackOnceAndInTheirOwn()
    {
        var claim = await _stores.ClaimNewAsync();

        Assert.True(await SaveAsync(claim, 1, 10));
        Assert.True(await SaveAsync(claim, 0, 20));
        Assert.True(await SaveAsync(claim, 1, 30));

        Assert.Equal([[20], [10]], await _stores.Parts.StatesAsync(claim, Cancellation));
    }

    [Fact]
    public async Task Part_OfAnAttemptThatLostTheJob_IsNotSaved()
    {
        var lost = await _stores.ClaimNewAsync();
        await _stores.ExpireAsync(lost.Id);
        var holder = (await _stores.WakeAsync(lost.Id))!;

        Assert.False(await SaveAsync(lost, 0, 1));
        Assert.True(await SaveAsync(holder, 0, 2));

        Assert.Equal([[2]], await _stores.Parts.StatesAsync(holder, Cancellation));
        Assert.False(await _stores.Parts.IsRunningAsync(lost.Id, lost.Fence, Cancellation));
    }

    [Fact]
    public async Task Sweep_DeletesThePartsOfAttemptsThatAreOverAndNoOthers()
    {
        var (running, cancelled, taken) = (await _stores.ClaimNewAsync(), await _stores.ClaimNewAsync(), await _stores.ClaimNewAsync());
        foreach (var claim in (Claim[])[running, cancelled, taken])
        {
            await SaveAsync(claim, 0, 1);
        }

        await _stores.Outcomes.CancelAsync(cancelled, Cancellation);
        await _stores.ExpireAsync(taken.Id);
        await _stores.WakeAsync(taken.Id);

        Assert.Equal(2, await _stores.Sweeps.PurgePartitionsAsync(Cancellation));
        Assert.Equal(running.Id.Value, await _stores.Sql.QueryAsync<Guid>("select job_id from slowlane.part"));
    }

    private Task<bool> SaveAsync(Claim claim, int part, byte state) => _stores.Parts.SaveAsync(claim.Id, claim.Fence, part, [state], Cancellation);
}
