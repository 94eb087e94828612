using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Jobs;
using Slowlane.LocalHost.Services;
using Slowlane.Maintenance;
using Slowlane.Storage;

namespace Slowlane.Tests.Fixtures;

/// <summary>The app's services and routes as <c>Program.cs</c> composes them, in this process and without Functions, on a database and queues of its own. Nothing sweeps by itself.</summary>
internal sealed class SlowlaneApp : IAsyncDisposable
{
    private static readonly Dictionary<string, string> NoSettings = new(StringComparer.Ordinal);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    private readonly TestDatabase? _database;
    private readonly WebApplication _host;
    private readonly bool _ownsStorage;
    private bool _stopped;

    private SlowlaneApp(TestDatabase? database, string storage, bool ownsStorage, WebApplication host)
    {
        _database = database;
        _host = host;
        _ownsStorage = ownsStorage;
        Storage = storage;
        Client = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };
    }

    public HttpClient Client { get; }

    /// <summary>Its own database. One beside others has none.</summary>
    public TestDatabase Database => _database!;

    public string Storage { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>Where the parts of split jobs run; not in a front.</summary>
    public InProcessPartitionRuns Parts => _host.Services.GetRequiredService<InProcessPartitionRuns>();

    /// <summary>The names of its job types, as messages list them.</summary>
    public string KnownTypes => string.Join(", ", _host.Services.GetRequiredService<JobRegistry>().Names);

    /// <summary>How many callers wait for jobs.</summary>
    public int Waiting => _host.Services.GetRequiredService<CompletionNotifier>().Waiting;

    /// <summary>HTTP and queue functions together.</summary>
    public static Task<SlowlaneApp> StartAsync(Action<IServiceCollection>? types = null) => StartAsync(true, null, null, types, NoSettings);

    /// <summary>HTTP and queue functions together, on servers of the test's own.</summary>
    public static Task<SlowlaneApp> StartOnAsync(DevelopmentServices services) => StartAsync(true, services.Database, services.Storage, null, NoSettings);

    /// <summary>HTTP and queue functions beside others, on their storage and database.</summary>
    public static Task<SlowlaneApp> StartBesideAsync(string database, string storage, IReadOnlyDictionary<string, string> settings, Action<IServiceCollection>? types = null)
        => StartAsync(true, database, storage, types, settings);

    /// <summary>HTTP functions beside others, on their storage and database.</summary>
    public static Task<SlowlaneApp> StartFrontBesideAsync(string database, string storage, IReadOnlyDictionary<string, string> settings, Action<IServiceCollection>? types = null)
        => StartAsync(false, database, storage, types, settings);

    /// <summary>The HTTP functions alone, with other settings.</summary>
    public static Task<SlowlaneApp> StartFrontWithAsync(IReadOnlyDictionary<string, string> settings, Action<IServiceCollection>? types = null) => StartAsync(false, null, null, types, settings);

    /// <summary>The HTTP functions alone: what is submitted stays queued.</summary>
    public static Task<SlowlaneApp> StartFrontAsync(string? database = null, string? storage = null, Action<IServiceCollection>? services = null)
        => StartAsync(false, database, storage, services, NoSettings);

    public Task<HttpResponseMessage> PostAsync(string path, string json)
        => Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    /// <summary>Submits a job that must be accepted; returns where it is.</summary>
    public async Task<string> SubmitAsync(string type, string json)
    {
        using var response = await PostAsync($"/api/jobs/{type}", json);
        Xunit.Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>The status document of a job, once it is finished. Asks again while the database is away, and sweeps as often as the timer would.</summary>
    public async Task<JsonElement> FinishedAsync(string location)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await SweepAsync())
        {
            using var response = await GetAsync($"{location}?wait=15");
            var status = response.StatusCode == HttpStatusCode.ServiceUnavailable ? default : await response.Content.ReadFromJsonAsync<JsonElement>();
            if (status.ValueKind is JsonValueKind.Object && (!status.TryGetProperty("finishedAt", out var end) || end.ValueKind is not JsonValueKind.Null))
            {
                return status;
            }

            Xunit.Assert.True(Stopwatch.GetElapsedTime(start) < Timeout, $"{location} is not finished after {Timeout.TotalMinutes} minutes; the last answer was {(int)response.StatusCode}: {status}");
        }
    }

    /// <summary>What health says of the database; empty while it is ready.</summary>
    public async Task<string> DatabaseReasonAsync()
    {
        using var response = await GetAsync("/api/health/ready");
        var document = await response.Content.ReadFromJsonAsync<JsonElement>();
        return document.TryGetProperty("reasons", out var reasons) ? reasons.GetProperty("database").GetString()! : "";
    }

    /// <summary>Sweeps now.</summary>
    public Task SweepAsync() => _host.Services.GetRequiredService<Sweeper>().SweepAsync(CancellationToken.None);

    /// <summary>Ends the app; its database and queues stay.</summary>
    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _host.StopAsync();
            await _host.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        if (_ownsStorage)
        {
            await new QueueClient(Storage, JobQueue.Name).DeleteIfExistsAsync(); // Azurite slows down for all tests with each message that it keeps.
        }

        await (_database?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static async Task<SlowlaneApp> StartAsync(
        bool queues, string? givenDatabase, string? givenStorage, Action<IServiceCollection>? types, IReadOnlyDictionary<string, string> settings)
    {
        var database = givenDatabase is null ? await TestDatabase.CreateForAppAsync() : null;
        var storage = givenStorage ?? await TestServices.StorageAsync();
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = storage,
            ["Slowlane__Database"] = givenDatabase ?? database!.ConnectionString,
            ["Slowlane__Samples"] = "true",
            ["WEBSITE_HOSTNAME"] = "localhost",
            ["Slowlane__Lanes"] = "2",
        };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        var host = AppInProcess.Build(values, queues, types);
        await host.StartAsync();
        return new SlowlaneApp(database, storage, givenStorage is null, host);
    }
}
