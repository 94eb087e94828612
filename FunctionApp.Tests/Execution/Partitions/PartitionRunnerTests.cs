using Npgsql;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution.Partitions;

public sealed class PartitionRunnerTests : IAsyncLifetime
{
    private static readonly Dictionary<string, (Exception Failure, StopReason Stop, PartitionResultKind? End)> Table = new(StringComparer.Ordinal)
    {
        ["refused"] = (new JobException("x", "x", "x"), StopReason.None, PartitionResultKind.Refused),
        ["refused while stopping"] = (new JobException("x", "x", "x"), StopReason.Shutdown, PartitionResultKind.Refused),
        ["failed"] = (new InvalidOperationException(), StopReason.None, PartitionResultKind.Failed),
        ["failed by the stop"] = (new InvalidOperationException(), StopReason.Shutdown, null),
        ["stopped"] = (new OperationCanceledException(), StopReason.Shutdown, null),
        ["cut off from the database"] = (new NpgsqlException("gone"), StopReason.None, null),
        ["cut off from its snapshot"] = (new PartitionRunLostException("gone"), StopReason.None, null),
        ["over"] = (new OperationCanceledException(), StopReason.LeaseLost, PartitionResultKind.Idle),
        ["over, and failed by it"] = (new InvalidOperationException(), StopReason.LeaseLost, PartitionResultKind.Idle),
        ["over, and refused"] = (new JobException("x", "x", "x"), StopReason.LeaseLost, PartitionResultKind.Idle),
    };

    private CoordinatorFixture _bench = null!;

    public static TheoryData<string> Circumstances => [.. Table.Keys];

    public async ValueTask InitializeAsync() => _bench = await CoordinatorFixture.CreateAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Circumstances))]
    public void Part_EndsAsTheTableSays(string circumstance)
    {
        var (failure, stop, end) = Table[circumstance];

        Assert.Equal(end, PartitionRunner.EndOf(failure, stop)?.Kind);
    }

    [Fact]
    public async Task Part_OfAnAttemptThatIsOver_ComputesNothing()
    {
        var claim = await _bench.ClaimAsync(partitions: 2);

        Assert.Equal(PartitionResult.Idle, await _bench.Runner.RunAsync(Input(claim) with { Fence = claim.Fence - 1 }, Cancellation));
        await _bench.Stores.Outcomes.CancelAsync(claim, Cancellation);
        Assert.Equal(PartitionResult.Idle, await _bench.Runner.RunAsync(Input(claim), Cancellation));

        Assert.Empty(_bench.Job.Parts);
    }

    [Fact]
    public async Task Part_ThatIsDoneAlready_ComputesNothing()
    {
        var claim = await _bench.ClaimAsync(partitions: 2);
        await _bench.Stores.Parts.SaveAsync(claim.Id, claim.Fence, 0, [1], Cancellation);

        Assert.Equal(PartitionResult.Done, await _bench.Runner.RunAsync(Input(claim), Cancellation));

        Assert.Empty(_bench.Job.Parts);
    }

    [Fact]
    public async Task Part_WhoseAttemptEndsMeanwhile_StopsComputingAndSavesNothing()
    {
        await using var connection = await _bench.Stores.Sql.Source.OpenConnectionAsync(Cancellation);
        await using var snapshot = await Snapshot.ExportAsync(connection, Cancellation);
        _bench.Job.During = SumJob.UntilStopped;
        var claim = await _bench.ClaimAsync(partitions: 2);
        var part = _bench.Runner.RunAsync(Input(claim) with { Snapshot = snapshot.Name }, Cancellation);
        await _bench.Job.Started.WaitAsync(Cancellation);

        await _bench.Stores.Outcomes.CancelAsync(claim, Cancellation);

        Assert.Equal(PartitionResult.Idle, await part.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(0, await _bench.Stores.Sql.QueryAsync<long>("select count(*) from slowlane.part"));
    }

    [Fact]
    public async Task Part_WhoseSnapshotIsGone_IsLeftToAnotherTry()
    {
        string name;
        await using (var connection = await _bench.Stores.Sql.Source.OpenConnectionAsync(Cancellation))
        await using (var snapshot = await Snapshot.ExportAsync(connection, Cancellation))
        {
            name = snapshot.Name;
        }

        var claim = await _bench.ClaimAsync(partitions: 2);

        await Assert.ThrowsAsync<PartitionRunLostException>(() => _bench.Runner.RunAsync(Input(claim) with { Snapshot = name }, Cancellation));
    }

    [Fact]
    public async Task Part_OfATypeThatThisWorkerDoesNotSplit_IsLeftToAnother()
    {
        var claim = await _bench.Stores.ClaimNewAsync();

        await Assert.ThrowsAsync<PartitionRunLostException>(() => _bench.Runner.RunAsync(Input(claim), Cancellation));
    }

    [Fact]
    public async Task Snapshot_WhoseNameIsSomethingElse_IsRefusedBeforeItIsSql()
    {
        await using var connection = await _bench.Stores.Sql.Source.OpenConnectionAsync(Cancellation);

        await Assert.ThrowsAsync<ArgumentException>(() => Snapshot.EnterAsync(connection, "x'; drop table number; --", Cancellation));
    }

    private static PartitionInput Input(Claim claim) => new(claim.Id.ToString(), claim.Fence, "00000000-00000000-1", 0, "0-500");
}
