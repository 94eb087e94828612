using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>Processes of the first release beside current ones, on the newest schema.</summary>
public sealed class RollingDeploymentTests : IAsyncLifetime
{
    private TestStores _now = null!;
    private FirstRelease _old = null!;

    public async ValueTask InitializeAsync()
    {
        _now = await TestStores.CreateAsync();
        await _now.Sweeps.FailLostAsync(CancellationToken.None); // Makes the schema.
        _old = new FirstRelease(_now.Sql.Source);
    }

    public ValueTask DisposeAsync() => _now.DisposeAsync();

    [Fact]
    public async Task Job_ClaimedByAnOldWorkerThatLostItsLease_IsFinishedByANewOneAlone()
    {
        var envelope = TestStores.Submitted();
        var old = await _old.ClaimAsync(envelope);
        Assert.Equal(1, await _old.RenewAsync(envelope.Id, old!.Value));
        await _now.ExpireAsync(envelope.Id);
        var claim = await _now.WakeAsync(envelope.Id);

        Assert.Equal((1, 2L), (claim!.Attempt, claim.Fence));
        Assert.Equal(0, await _old.SucceedAsync(envelope.Id, old.Value));
        Assert.Equal(0, await _old.RenewAsync(envelope.Id, old.Value));
        await _now.Written.SucceedAsync(claim, CancellationToken.None);
        Assert.Equal("succeeded 1 -", await _old.StatusAsync(envelope.Id));
        Assert.Null(await _old.ClaimAsync(envelope));
    }

    [Fact]
    public async Task Job_SubmittedUnderATrace_IsRunByAnOldWorkerAsBefore()
    {
        var id = TestStores.Submitted().Id;
        var message = Envelope.WithInput(id, "spin", """{"id":1}"""u8, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").ToString();

        var fence = await _old.ClaimAsync(FirstRelease.Read(message));

        Assert.Equal(1, await _old.RetryAsync(id, fence!.Value));
        var claim = await _now.ClaimAsync(Messages.One(message));
        Assert.Equal((2, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), (claim!.Attempt, claim.Trace));
    }

    [Fact]
    public async Task Job_ClaimedByANewWorkerThatLostItsLease_IsFinishedByAnOldOneAlone()
    {
        var claim = await _now.ClaimNewAsync();
        await _now.ExpireAsync(claim.Id);
        Assert.Equal(1, await _old.SweepAsync());
        var old = await _old.ClaimAsync(WakeUp(claim.Id));

        Assert.Equal(2, old);
        await Assert.ThrowsAsync<LeaseLostException>(() => _now.Written.SucceedAsync(claim, CancellationToken.None));
        Assert.Equal(1, await _old.SucceedAsync(claim.Id, old!.Value));
        Assert.Equal(JobStatus.Succeeded, (await _now.RowAsync(claim.Id)).Status);
        Assert.Equal("{}", (await _now.Jobs.ResultAsync(claim.Id, CancellationToken.None))!.Body);
    }

    [Fact]
    public async Task Job_SentBackAndForthBetweenOldAndNewWorkers_CountsItsAttemptsOn()
    {
        var envelope = TestStores.Submitted();
        Assert.Equal(1, await _old.RetryAsync(envelope.Id, (await _old.ClaimAsync(envelope))!.Value));
        var second = (await _now.WakeAsync(envelope.Id))!;
        Assert.True(await _now.Outcomes.RetryAsync(second, TimeSpan.Zero, new JobError("x", "x", "x"), CancellationToken.None));
        Assert.Equal(1, await _old.HandBackAsync(envelope.Id, (await _old.ClaimAsync(WakeUp(envelope.Id)))!.Value));
        var third = (await _now.WakeAsync(envelope.Id))!;
        Assert.Equal([third], await _now.Outcomes.ReleaseAsync([third], TimeSpan.Zero, 0, CancellationToken.None));
        Assert.Equal(1, await _old.FailAsync(envelope.Id, (await _old.ClaimAsync(WakeUp(envelope.Id)))!.Value));

        var row = await _now.RowAsync(envelope.Id);
        Assert.Equal((JobStatus.Failed, 3, "x"), (row.Status, row.Attempt, row.Error?.Type));
    }

    [Fact]
    public async Task Migrations_OfOldAndNewProcessesAtOnce_AreEachAppliedOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = new SlowlaneOptions { Database = database.ConnectionString, Storage = "" };
        var old = new FirstRelease(database.Source);

        await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => (Task[])
            [Task.Run(old.MigrateAsync), Task.Run(() => AppMigrations.Of(database.Source).MigrateAsync(CancellationToken.None))]));
        await old.MigrateAsync(); // One that is started again in the middle of the deployment.

        Assert.Equal(
            await _now.Sql.QueryAsync<string[]>("select array_agg(name order by name) from slowlane.migration"),
            await database.QueryAsync<string[]>("select array_agg(name order by name) from slowlane.migration"));
    }

    private static Envelope WakeUp(JobId id) => new(id, "spin", null, null);
}
