using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Services;
using Slowlane.Storage;
using Slowlane.Upkeep;

namespace Slowlane.Tests.Fixtures;

/// <summary>The app as <c>Program.cs</c> composes it, in this process, on a database and queues of its own.</summary>
internal sealed class SlowlaneApp : IAsyncDisposable
{
    private static readonly Dictionary<string, string> NoSettings = new(StringComparer.Ordinal);

    private readonly TestDatabase _database;
    private readonly IHost _host;
    private bool _stopped;

    private SlowlaneApp(TestDatabase database, string storage, IHost host)
    {
        _database = database;
        _host = host;
        Storage = storage;
        Client = new HttpClient { BaseAddress = host.Services.GetRequiredService<BoundAddress>().Uri };
    }

    public HttpClient Client { get; }

    public TestDatabase Database => _database;

    public string Storage { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>How many callers wait for jobs.</summary>
    public int Waiting => _host.Services.GetRequiredService<FinishSignals>().Waiting;

    /// <summary>Front and queue functions together.</summary>
    public static Task<SlowlaneApp> StartAsync(Action<IServiceCollection>? types = null) => StartAsync(LocalRole.All, null, null, types, NoSettings);

    /// <summary>Front and queue functions together, on servers of the test's own.</summary>
    public static Task<SlowlaneApp> StartOnAsync(DevelopmentServices services) => StartAsync(LocalRole.All, services.Database, services.Storage, null, NoSettings);

    /// <summary>A part of the app beside others, on their storage and database.</summary>
    public static Task<SlowlaneApp> StartBesideAsync(
        LocalRole role, string database, string storage, IReadOnlyDictionary<string, string> settings, Action<IServiceCollection>? types = null)
        => StartAsync(role, database, storage, types, settings);

    /// <summary>The front alone: what is submitted stays queued.</summary>
    public static Task<SlowlaneApp> StartFrontAsync(string? database = null, string? storage = null, Action<IServiceCollection>? services = null)
        => StartAsync(LocalRole.Front, database, storage, services, NoSettings);

    public Task<HttpResponseMessage> PostAsync(string path, string json)
        => Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

    /// <summary>Submits a job that must be accepted; returns where it is.</summary>
    public async Task<string> SubmitAsync(string type, string json)
    {
        using var response = await PostAsync($"/api/jobs/{type}", json);
        Xunit.Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>The status document of a job, once it is finished. Asks again, as the answer says, while the database is away.</summary>
    public async Task<JsonElement> FinishedAsync(string location)
    {
        while (true)
        {
            using var response = await GetAsync($"{location}?wait=60");
            if (response.StatusCode != System.Net.HttpStatusCode.ServiceUnavailable)
            {
                return await response.Content.ReadFromJsonAsync<JsonElement>();
            }
        }
    }

    /// <summary>Sweeps now, as its timer does four times a minute.</summary>
    public Task SweepAsync() => _host.Services.GetRequiredService<Sweeper>().SweepAsync(CancellationToken.None);

    /// <summary>Ends the app; its database and queues stay.</summary>
    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _host.StopAsync();
            _host.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await _database.DisposeAsync();
    }

    private static async Task<SlowlaneApp> StartAsync(
        LocalRole role, string? givenDatabase, string? givenStorage, Action<IServiceCollection>? types, IReadOnlyDictionary<string, string> settings)
    {
        var database = await TestDatabase.CreateAsync();
        var storage = givenStorage ?? await TestServices.StorageAsync();
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = storage,
            ["Slowlane__Database"] = givenDatabase ?? database.ConnectionString,
            ["Slowlane__Samples"] = "true",
            ["Slowlane__Lanes"] = "2",
            ["AzureFunctionsJobHost__extensions__queues__newBatchThreshold"] = "1",
        };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        var builder = FunctionsApplication.CreateBuilder(new Launch(new LocalHostOptions { Port = 0, Workers = 0, Role = role }, values));
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSlowlane(builder.Configuration).AddJobTypes(builder.Configuration);
        types?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new SlowlaneApp(database, storage, host);
    }
}
