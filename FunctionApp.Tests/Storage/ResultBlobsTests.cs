using Npgsql;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class ResultBlobsTests
{
    private const string NoStorage = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;";

    private static readonly string Large = Json(ResultBlobs.MaxInRow + 1);

    [Fact]
    public async Task Result_OverTheBound_LiesInABlobThatItsRowNames()
    {
        await using var stores = await CreateAsync();
        var (small, large) = (await stores.ClaimNewAsync(), await stores.ClaimNewAsync());

        await SucceedAsync(stores, small, Json(ResultBlobs.MaxInRow));
        await SucceedAsync(stores, large, Large);

        Assert.Equal(new StoredResult(Json(ResultBlobs.MaxInRow), Blob: null), await stores.Jobs.ResultAsync(small.Id, Cancellation));
        Assert.Equal(new StoredResult(Body: null, $"{large.Id}-1.json"), await stores.Jobs.ResultAsync(large.Id, Cancellation));
        Assert.Equal(Large, await BlobAsync(stores, large));
    }

    [Fact]
    public async Task LargeResult_OfAWorkerThatLostItsLease_IsNeitherKeptNorInTheWayOfTheOther()
    {
        await using var stores = await CreateAsync();
        var stale = await stores.ClaimNewAsync();
        await stores.ExpireAsync(stale.Id);
        var current = (await stores.WakeAsync(stale.Id))!;
        await SucceedAsync(stores, current, Large);

        await Assert.ThrowsAsync<LeaseLostException>(() => SucceedAsync(stores, stale, Large));

        Assert.Null(await BlobAsync(stores, stale));
        Assert.Equal(Large, await BlobAsync(stores, current));
    }

    [Fact]
    public async Task LargeResult_WhoseWriteFails_IsNotKept()
    {
        await using var stores = await CreateAsync();
        var claim = await stores.ClaimNewAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => SucceedAsync(stores, claim, Large, (_, _) => throw new InvalidOperationException()));

        Assert.Null(await BlobAsync(stores, claim));
        Assert.Equal(JobStatus.Running, (await stores.RowAsync(claim.Id)).Status);
    }

    [Fact]
    public async Task LargeResult_TriedAgainAfterALostAnswer_IsStillThere()
    {
        await using var stores = await CreateAsync();
        var claim = await stores.ClaimNewAsync();

        await SucceedAsync(stores, claim, Large);
        await SucceedAsync(stores, claim, Large);

        Assert.Equal(Large, await BlobAsync(stores, claim));
    }

    [Fact]
    public async Task LargeResult_TriedAgainAfterALostAnswerAndRefused_IsStillThere()
    {
        await using var stores = await CreateAsync();
        var claim = await stores.ClaimNewAsync();
        await SucceedAsync(stores, claim, Large);

        await stores.Sql.ExecuteAsync("alter table slowlane.job rename to elsewhere"); // Whatever it is, it is no outage.
        await Assert.ThrowsAsync<PostgresException>(() => SucceedAsync(stores, claim, Large));
        await stores.Sql.ExecuteAsync("alter table slowlane.elsewhere rename to job");

        Assert.Equal(Large, await BlobAsync(stores, claim));
    }

    [Fact]
    public async Task LargeResult_WhileStorageIsDown_IsWaitedFor()
    {
        await using var stores = await TestStores.CreateAsync(NoStorage);
        var claim = await stores.ClaimNewAsync();
        var tries = 0;

        await stores.OutageRetry.ExecuteAsync(() => ++tries == 1 ? SucceedAsync(stores, claim, Large) : Task.CompletedTask, Cancellation);

        Assert.Equal(2, tries);
        Assert.Equal(JobStatus.Running, (await stores.RowAsync(claim.Id)).Status);
    }

    private static async Task<TestStores> CreateAsync() => await TestStores.CreateAsync(await TestServices.StorageAsync());

    // Two bytes a letter: bytes count, not letters.
    private static string Json(int bytes) => '"' + new string('é', (bytes - 2) / 2) + new string('e', bytes % 2) + '"';

    private static Task SucceedAsync(TestStores stores, Claim claim, string json, Func<NpgsqlTransaction, CancellationToken, Task>? write = null)
        => stores.Written.SucceedAsync(claim, Cancellation, json, write);

    private static async Task<string?> BlobAsync(TestStores stores, Claim claim)
    {
        using var blob = await stores.Results.OpenAsync($"{claim.Id}-{claim.Fence}.json", Cancellation);
        return blob is null ? null : (await BinaryData.FromStreamAsync(blob.Content, Cancellation)).ToString();
    }
}
