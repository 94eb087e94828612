using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using Slowlane.Bench.Hosts;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Profile;

/// <summary>PostgreSQL, Azurite, a front and a host with one worker; the servers' folder goes with them, however this one ends.</summary>
internal sealed class TestEnvironment : IAsyncDisposable
{
    private readonly DevelopmentServices _services;
    private readonly HttpClient _client;
    private readonly Node _front;
    private readonly Node _host;

    private TestEnvironment(DevelopmentServices services)
    {
        _services = services;
        Database = NpgsqlDataSource.Create(services.Database);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["AzureWebJobsStorage"] = services.Storage, ["Slowlane__Database"] = services.Database };
        var port = LoopbackPort.Free();
        _client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")), Timeout = TimeSpan.FromMinutes(2) };
        _front = new Node("front", ["--role", "front", "--port", port.ToString(CultureInfo.InvariantCulture)], settings, _ => { });
        _host = new Node("host", ["--role", "worker", "--workers", "1"], settings, _ => { });
    }

    public NpgsqlDataSource Database { get; }

    /// <summary>The database, for a connection of one's own.</summary>
    public string ConnectionString => _services.Database;

    /// <summary>The database's address for other programs.</summary>
    public string DatabaseUri => _services.DatabaseUri;

    /// <summary>The process that runs the jobs.</summary>
    public int Worker { get; private set; }

    public static async Task<TestEnvironment> StartAsync(CancellationToken cancellationToken)
    {
        // Ephemeral: fsync is off, which no reader notices, and the guard deletes the folder.
        var environment = new TestEnvironment(await DevelopmentServices.StartAsync(new ServicesOptions { Ephemeral = true }, cancellationToken));
        try
        {
            await environment._front.StartAsync();
            await environment.ReadyAsync(cancellationToken);
            await environment._host.StartAsync();
            return environment;
        }
        catch
        {
            await environment.DisposeAsync();
            throw;
        }
    }

    /// <summary>A worker that hasn't held anything yet, and has compiled what it runs.</summary>
    public async Task RenewWorkerAsync(CancellationToken cancellationToken)
    {
        await _host.RestartAsync();
        Worker = await _host.WorkerAsync(Node.Compute(0), cancellationToken);
        await ProfileAsync("""{"rows":[{"n":1}]}""", cancellationToken);
    }

    /// <summary>Posts a profile and returns its result when it is there.</summary>
    public async Task<JsonElement> ProfileAsync(string input, CancellationToken cancellationToken)
    {
        using var content = new StringContent(input, Encoding.UTF8, "application/json");
        using var accepted = await _client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, cancellationToken);
        accepted.EnsureSuccessStatusCode();
        var job = (await accepted.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetString();
        while (true)
        {
            using var response = await _client.GetAsync(new Uri($"/api/jobs/{job}/result?wait=20", UriKind.Relative), cancellationToken);
            if (response.StatusCode == System.Net.HttpStatusCode.OK)
            {
                return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            }

            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException(await response.Content.ReadAsStringAsync(cancellationToken));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _front.DisposeAsync();
        _client.Dispose();
        await Database.DisposeAsync();
        await _services.DisposeAsync();
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var response = await _client.GetAsync(new Uri("/api/health/ready", UriKind.Relative), cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(50, cancellationToken);
        }
    }
}
