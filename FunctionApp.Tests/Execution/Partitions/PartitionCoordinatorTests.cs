using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution.Partitions;

public sealed class PartitionCoordinatorTests : IAsyncLifetime
{
    private CoordinatorFixture _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await CoordinatorFixture.CreateAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Job_InParts_ComesToWhatItComesToWholeAndLeavesNoPart()
    {
        var whole = await _bench.AttemptAsync(await _bench.ClaimAsync(partitions: 1), Cancellation);
        var claim = await _bench.ClaimAsync(partitions: 4);

        var merged = await _bench.AttemptAsync(claim, Cancellation);

        Assert.Equal((whole.Json, 4, 1), (merged.Json, _bench.Job.Parts.Count, _bench.Job.Whole));
        Assert.Equal("start forget", _bench.Calls);
        Assert.Equal(4, await PartsAsync());
        await _bench.Stores.Written.SucceedAsync([(claim, merged)], _bench.Type.WriteAsync, Cancellation);
        Assert.Equal(0, await PartsAsync());
    }

    [Fact]
    public async Task Parts_WithOneLaneInTheProcessOfTheirHolder_DoNotWaitForItsLane()
    {
        // The bench has one lane, which the attempt keeps.
        var attempt = _bench.AttemptAsync(await _bench.ClaimAsync(partitions: 3), Cancellation);

        Assert.Contains("500500", (await attempt.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_ReadWhatTheirHolderSaw_WhateverIsWrittenMeanwhile()
    {
        _bench.Before = call => call is "start" ? _bench.Stores.Sql.ExecuteAsync("insert into number select 7 from generate_series(1, 100)") : Task.CompletedTask;

        var merged = await _bench.AttemptAsync(await _bench.ClaimAsync(partitions: 4), Cancellation);

        Assert.Contains("500500", merged.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_ThatCannotBeSplit_RunsWholeInItsHolder()
    {
        await _bench.Stores.Sql.ExecuteAsync("truncate number");

        var computed = await _bench.AttemptAsync(await _bench.ClaimAsync(partitions: 4), Cancellation);

        Assert.Equal((1, false), (_bench.Job.Whole, computed.Partitioned));
        Assert.Empty(_bench.Calls);
    }

    [Fact]
    public async Task Part_ThatSaysWhyTheJobCannotSucceed_IsHeardByTheHolder()
    {
        _bench.Job.During = (_, _) => throw new JobException("no-way", "No way.", "There is no way.") { IsTransient = true };

        var thrown = await Assert.ThrowsAsync<JobException>(async () => await _bench.AttemptAsync(await _bench.ClaimAsync(partitions: 2), Cancellation));

        Assert.Equal(("no-way", "No way.", "There is no way.", true), (thrown.Code, thrown.Title, thrown.Message, thrown.IsTransient));
        Assert.Equal("start forget", _bench.Calls);
    }

    [Fact]
    public async Task Part_WithoutAGrant_SaysWhatToGrant()
    {
        _bench.Before = call => call is "start" ? _bench.Stores.Sql.ExecuteAsync("revoke all on number from slowlane_job") : Task.CompletedTask;

        var thrown = await Assert.ThrowsAsync<JobException>(async () => await _bench.AttemptAsync(await _bench.ClaimAsync(partitions: 2), Cancellation));

        Assert.Equal("not-permitted", thrown.Code);
    }

    [Fact]
    public async Task Hub_ThatDoesNotAnswerForAWhile_IsWaitedFor()
    {
        var failures = 6;
        _bench.Before = _ => Interlocked.Decrement(ref failures) >= 0 ? throw new PartitionRunLostException("no answer") : Task.CompletedTask;

        var merged = await _bench.AttemptAsync(await _bench.ClaimAsync(partitions: 2), Cancellation);

        Assert.Contains("500500", merged.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhoseAnswerWasLost_IsNotRepeated()
    {
        var claim = await _bench.ClaimAsync(partitions: 2);
        _bench.AfterStart = () => throw new PartitionRunLostException("no answer");

        await _bench.AttemptAsync(claim, Cancellation);

        Assert.Equal("start forget", _bench.Calls);
    }

    [Fact]
    public async Task Hub_ThatDoesNotAnswerAtTheEnd_KeepsNothingFromEnding()
    {
        _bench.Before = call => call is "forget" ? throw new PartitionRunLostException("no answer") : Task.CompletedTask;

        Assert.Contains("500500", (await _bench.AttemptAsync(await _bench.ClaimAsync(partitions: 2), Cancellation)).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatComesToNoEnd_CountsAsAnOutageAndIsForgotten()
    {
        _bench.Says = new PartitionRunStatus(0, Failure: "terminated");

        var thrown = await Assert.ThrowsAsync<PartitionRunLostException>(async () => await _bench.AttemptAsync(await _bench.ClaimAsync(partitions: 2), Cancellation));

        Assert.True(Outage.Is(thrown));
        Assert.Equal("start forget", _bench.Calls);
    }

    [Fact]
    public async Task Run_WhosePartsAreNotThere_CountsAsAnOutage()
    {
        _bench.Job.During = SumJob.UntilStopped;
        _bench.Says = new PartitionRunStatus(1, PartitionResult.Done);
        var claim = await _bench.ClaimAsync(partitions: 2);

        await Assert.ThrowsAsync<PartitionRunLostException>(() => _bench.AttemptAsync(claim, Cancellation));
        await EndAsync(claim);
    }

    [Fact]
    public async Task Parts_ThatAreAnotherVersions_CountAsAnOutage()
    {
        _bench.Job.BeforeMerge = () => throw new InvalidDataException("version 2");
        var claim = await _bench.ClaimAsync(partitions: 2);

        var thrown = await Assert.ThrowsAsync<PartitionRunLostException>(() => _bench.AttemptAsync(claim, Cancellation));

        Assert.Contains("version 2", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attempt_ThatIsStopped_StopsItsRunAndItsPartsStopThemselves()
    {
        _bench.Job.During = SumJob.UntilStopped;
        using var stop = new CancellationTokenSource();
        var claim = await _bench.ClaimAsync(partitions: 2);
        var attempt = _bench.AttemptAsync(claim, stop.Token);
        await _bench.Job.Started.WaitAsync(Cancellation);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt);
        Assert.Equal("start stop", _bench.Calls);
        await EndAsync(claim);
        await _bench.DrainAsync();
        Assert.Equal(0, await PartsAsync());
    }

    [Fact]
    public async Task Holder_WhoseSnapshotIsLost_IsCutOff()
    {
        _bench.Job.During = SumJob.UntilStopped;
        var claim = await _bench.ClaimAsync(partitions: 2);
        var attempt = _bench.AttemptAsync(claim, Cancellation);
        await _bench.Job.Started.WaitAsync(Cancellation);

        // Known by the statement that keeps it awake.
        await Eventually.HoldsAsync(() => _bench.Stores.Sql.QueryAsync<bool>("select count(pg_terminate_backend(pid)) > 0 from pg_stat_activity where datname = current_database() and state = 'idle in transaction' and query = 'select'"));

        Assert.True(Outage.Is(await Assert.ThrowsAnyAsync<Exception>(() => attempt)));
        Assert.Equal("start stop", _bench.Calls);
        await EndAsync(claim);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(3_000, 300)]
    [InlineData(600_000, 1000)]
    public void Looks_ComeATenthOfTheTimeApart(int elapsed, int pause)
        => Assert.Equal(TimeSpan.FromMilliseconds(pause), PartitionCoordinator.Pause(TimeSpan.FromMilliseconds(elapsed)));

    private Task<bool> EndAsync(Claim claim) => _bench.Stores.Outcomes.CancelAsync(claim, Cancellation);

    private Task<long> PartsAsync() => _bench.Stores.Sql.QueryAsync<long>("select count(*) from slowlane.part");
}
