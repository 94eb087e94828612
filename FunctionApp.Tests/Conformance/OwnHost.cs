using System.Text.Json;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Tests.Conformance;

/// <summary>A local host as a process, on a database and a storage account of its own, which keep what they hold when it restarts.</summary>
internal sealed class OwnHost : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly string _keys;
    private readonly Dictionary<string, string> _environment;
    private HostProcess _host;

    private OwnHost(TestDatabase database, string storage, string keys, Dictionary<string, string> environment, HostProcess host)
    {
        _database = database;
        _keys = keys;
        _environment = environment;
        _host = host;
        Storage = storage;
    }

    public Uri Address => _host.Client.BaseAddress!;

    public string Storage { get; }

    public string Database => _database.ConnectionString;

    public static async Task<OwnHost> StartAsync(string key, string masterKey)
    {
        var database = await TestDatabase.CreateAsync();
        var storage = await TestServices.StorageAsync();
        var keys = Path.Combine(Path.GetTempPath(), $"slowlane-keys-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(keys, JsonSerializer.Serialize(new { master = masterKey, host = new { @default = key } }));
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = storage,
            ["Slowlane__Database"] = database.ConnectionString,
            ["Slowlane__Samples"] = "false", // As on Azure.
            ["LocalHost__KeysFile"] = keys,
        };
        return new OwnHost(database, storage, keys, environment, await StartAsync(environment));
    }

    public async Task RestartAsync()
    {
        await _host.SignalAsync("-TERM");
        await _host.DisposeAsync();
        _host = await StartAsync(_environment);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        File.Delete(_keys);
    }

    private static Task<HostProcess> StartAsync(Dictionary<string, string> environment) => HostProcess.StartAsync(environment, "--workers", "1", "--enable-auth");
}
