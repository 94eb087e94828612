using Azure;
using Azure.Storage.Blobs;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Storage;
using Newtonsoft.Json;

namespace Slowlane.LocalHost.Triggers;

/// <summary>Stores the last runs of timers in the app's storage account, where the platform stores them. The next start makes up for a missed run.</summary>
internal sealed class BlobScheduleMonitor(IAzureBlobStorageProvider storage, IHostIdProvider host) : ScheduleMonitor
{
    public override async Task<ScheduleStatus?> GetStatusAsync(string timerName)
    {
        try
        {
            var blob = await (await BlobAsync(timerName)).DownloadContentAsync();
            return JsonConvert.DeserializeObject<ScheduleStatus>(blob.Value.Content.ToString());
        }
        catch (RequestFailedException error) when (error.Status is 404)
        {
            return null;
        }
    }

    public override async Task UpdateStatusAsync(string timerName, ScheduleStatus status)
    {
        await Container().CreateIfNotExistsAsync();
        await (await BlobAsync(timerName)).UploadAsync(BinaryData.FromString(JsonConvert.SerializeObject(status)), overwrite: true);
    }

    private async Task<BlobClient> BlobAsync(string timerName)
        => Container().GetBlobClient($"timers/{await host.GetHostIdAsync(CancellationToken.None)}/{timerName}/status");

    private BlobContainerClient Container() => storage.TryCreateHostingBlobContainerClient(out var container) ? container
        : throw new InvalidOperationException("The setting AzureWebJobsStorage leads to no storage account: timers keep there when they ran.");
}
