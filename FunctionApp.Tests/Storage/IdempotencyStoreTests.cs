using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class IdempotencyStoreTests
{
    [Fact]
    public async Task Expiry_DeletesWhatIsFreeAgainAndNothingElse()
    {
        var storage = await TestServices.StorageAsync();
        var (today, tomorrow) = (Keys(storage, 0), Keys(storage, 25.5));
        await today.TakeAsync("free", Record(0), Cancellation);

        await new KeyExpiry(today, NullLogger<KeyExpiry>.Instance).ExpireAsync(Cancellation);
        Assert.Equal(["free"], await NamesAsync(storage), StringComparer.Ordinal);

        await new KeyExpiry(tomorrow, NullLogger<KeyExpiry>.Instance).ExpireAsync(Cancellation);
        Assert.Empty(await NamesAsync(storage));
    }

    [Fact]
    public async Task Expiry_OfARecordThatWasJustReplaced_LeavesTheNewOne()
    {
        var storage = await TestServices.StorageAsync();
        var tomorrow = Keys(storage, 25.5);
        await Keys(storage, 0).TakeAsync("key", Record(0), Cancellation);
        var expired = await tomorrow.ExpiredAsync(Cancellation).SingleAsync(Cancellation);
        var fresh = await tomorrow.TakeAsync("key", Record(25.5), Cancellation);

        Assert.False(await tomorrow.DeleteAsync(expired, Cancellation));
        Assert.Equal(fresh, await tomorrow.TakeAsync("key", Record(25.5), Cancellation));
    }

    [Fact]
    public async Task Expiry_WhereNoKeyWasEverUsed_HasNothingToDo()
        => await new KeyExpiry(Keys(await TestServices.StorageAsync(), 0), NullLogger<KeyExpiry>.Instance).ExpireAsync(Cancellation);

    [Fact]
    public async Task Record_ThatIsNoneOfOurs_IsReplaced()
    {
        var storage = await TestServices.StorageAsync();
        var container = new BlobContainerClient(storage, "slowlane-keys");
        await container.CreateAsync(cancellationToken: Cancellation);
        await container.UploadBlobAsync("key", new BinaryData("scribble"), Cancellation);

        var record = Record(0);
        Assert.Equal(record, await Keys(storage, 0).TakeAsync("key", record, Cancellation));
        Assert.Equal(record, await Keys(storage, 0).TakeAsync("key", Record(0), Cancellation));
    }

    [Fact]
    public async Task Record_FromTheEndOfTime_HoldsItsKey()
    {
        var storage = await TestServices.StorageAsync();
        var record = Record(0) with { At = DateTimeOffset.MaxValue };
        await Keys(storage, 0).TakeAsync("key", record, Cancellation);

        Assert.Equal(record, await Keys(storage, 0).TakeAsync("key", Record(0), Cancellation));
    }

    private static IdempotencyStore Keys(string storage, double hoursLater)
        => new(new SlowlaneOptions { Storage = storage, Database = "" }, new LaterTime(TimeSpan.FromHours(hoursLater)));

    private static IdempotencyRecord Record(double hoursLater)
        => IdempotencyRecord.Of(JobId.New(TimeProvider.System, 1), [1], DateTimeOffset.UtcNow.AddHours(hoursLater));

    private static async Task<List<string>> NamesAsync(string storage)
        => await new BlobContainerClient(storage, "slowlane-keys").GetBlobsAsync(cancellationToken: Cancellation).Select(blob => blob.Name).ToListAsync(Cancellation);
}
