using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Slowlane.LocalHost.Triggers;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost;

/// <summary>A local host that runs the tiny app with two compute workers and keys, for all tests that break nothing of it for good.</summary>
public sealed partial class TinyHost : IAsyncLifetime
{
    private HostProcess _host = null!;
    private string _keys = null!;

    /// <summary>What functions saw.</summary>
    internal TinyNotes Notes { get; } = new();

    /// <summary>Its storage account.</summary>
    internal string Storage { get; private set; } = null!;

    internal HttpClient Client => _host.Client;

    internal string Output => _host.Output;

    internal int Id => _host.Id;

    internal string MasterKey { get; private set; } = null!;

    internal string HostKey { get; private set; } = null!;

    internal string KeyFile => _keys;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Storage = await TestServices.StorageAsync();
        _keys = Path.Combine(Notes.Folder, "keys", "keys.json");
        await MissAsync("Functions.Missed");
        _host = await HostProcess.StartAsync(Settings(Storage, Notes, ("LocalHost__KeysFile", _keys)), "--app", TinyApp.Folder, "--workers", "2", "--enable-auth");
        using var keys = JsonDocument.Parse(await File.ReadAllBytesAsync(_keys));
        MasterKey = keys.RootElement.GetProperty("master").GetString()!;
        HostKey = keys.RootElement.GetProperty("host").GetProperty("default").GetString()!;
    }

    /// <summary>The settings of a host that runs the tiny app, with what would mislead its parts in the environment.</summary>
    internal static Dictionary<string, string> Settings(string storage, TinyNotes notes, params (string Name, string Value)[] others)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = storage,
            ["Slowlane__Database"] = "Host=127.0.0.1;Port=1",
            ["Tiny__Notes"] = notes.Folder,
            ["Tiny__Schedule"] = "* * * * * *",
            ["AzureWebJobs.Disabled.Disabled"] = "true",
            ["CONTAINER_NAME"] = "somewhere",
            ["WEBSITE_INSTANCE_ID"] = "some",
            ["WEBSITE_SITE_NAME"] = "some",
            ["HTTP_PROXY"] = "http://127.0.0.1:1",
            ["http_proxy"] = "http://127.0.0.1:1",
            ["ALL_PROXY"] = "http://127.0.0.1:1",
            ["NO_PROXY"] = ".corp",
        };
        foreach (var (name, value) in others)
        {
            settings[name] = value;
        }

        return settings;
    }

    internal async Task<(int Status, string Body)> AskAsync(string method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        using var response = await Client.SendAsync(request, Cancellation);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    internal async Task SendAsync(string queue, string message)
    {
        var client = new QueueClient(Storage, queue);
        await client.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await client.SendMessageAsync(message, Cancellation);
    }

    /// <summary>Waits until a queue holds nothing, neither visible nor hidden.</summary>
    internal Task UntilEmptyAsync(string queue)
        => Eventually.HoldsAsync(async () => (await new QueueClient(Storage, queue).GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount == 0);

    internal Task SaysAsync(string text) => _host.SaysAsync(text);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.SignalAsync("-TERM");
        var workers = Started().Matches(_host.Output).Select(match => "/proc/" + match.Groups["pid"].Value).ToList();
        Assert.NotEmpty(workers);
        Assert.DoesNotContain(workers, Directory.Exists);
        await _host.DisposeAsync();
        Notes.Dispose();
    }

    /// <summary>Has a timer that runs at New Year have run last in the year before: what was due since was missed while no host ran.</summary>
    private async Task MissAsync(string timer)
    {
        var host = await new AppHostId(TinyApp.Folder).GetHostIdAsync(CancellationToken.None);
        var container = new BlobContainerClient(Storage, "azure-webjobs-hosts");
        await container.CreateIfNotExistsAsync();
        var due = new DateTime(DateTime.Now.Year, 1, 1, 0, 0, 0, DateTimeKind.Local);
        await container.UploadBlobAsync(
            $"timers/{host}/{timer}/status",
            BinaryData.FromString(string.Create(CultureInfo.InvariantCulture, $$"""{"Last":"{{due.AddYears(-1):O}}","Next":"{{due:O}}","LastUpdated":"{{due.AddYears(-1):O}}"}""")));
    }

    [GeneratedRegex("started as process (?<pid>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Started();
}

/// <summary>Tests that share the host.</summary>
[CollectionDefinition(Name)]
public sealed class TinyHostTests : ICollectionFixture<TinyHost>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Tiny host";
}
