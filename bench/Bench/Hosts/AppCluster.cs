using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Slowlane.Bench.Hosts;

/// <summary>The app in processes: a front, and hosts with workers that come and go.</summary>
internal sealed class AppCluster : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, string> _settings;
    private readonly Action<string> _say;
    private readonly HttpClient _client;
    private readonly List<Node> _hosts = [];

    private AppCluster(string database, string storage, IEnumerable<(string Name, string Value)> settings, Action<string> say)
    {
        _settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["AzureWebJobsStorage"] = storage, ["Slowlane__Database"] = database };
        foreach (var (name, value) in settings)
        {
            _settings[name] = value;
        }

        _say = say;
        var port = FreePort();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        Front = new Node("front", ["--role", "front", "--port", port.ToString(CultureInfo.InvariantCulture)], _settings, say);
        _client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public Uri Address { get; }

    public Node Front { get; }

    /// <summary>The hosts with workers, numbered from 0.</summary>
    public IReadOnlyList<Node> Hosts => _hosts;

    /// <summary>The front, then the hosts.</summary>
    public IReadOnlyList<Node> Nodes => [Front, .. _hosts];

    /// <summary>What no host should have done.</summary>
    public IEnumerable<string> Surprises => Nodes.SelectMany(node => node.Surprises);

    /// <summary>Starts a front and these hosts, and returns when it answers and each has its workers.</summary>
    /// <param name="database">The database's connection string.</param>
    /// <param name="storage">The storage's connection string.</param>
    /// <param name="hosts">How many hosts.</param>
    /// <param name="workers">How many workers each has.</param>
    /// <param name="settings">The app's settings beside those two.</param>
    /// <param name="say">Given what the processes say.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<AppCluster> StartAsync(
        string database,
        string storage,
        int hosts,
        int workers,
        IEnumerable<(string Name, string Value)> settings,
        Action<string>? say = null,
        CancellationToken cancellationToken = default)
    {
        var cluster = new AppCluster(database, storage, settings, say ?? (_ => { }));
        try
        {
            await cluster.Front.StartAsync();
            var starts = Enumerable.Range(0, hosts).Select(_ => cluster.AddHostAsync(workers, cancellationToken));
            await Task.WhenAll([cluster.Front.WorkerAsync(Node.Web, cancellationToken), .. starts]);
            await cluster.ReadyAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A port of this machine's own address that nobody listens on.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async Task AddHostAsync(int workers, CancellationToken cancellationToken = default)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"host {_hosts.Count}");
        var host = new Node(name, ["--role", "worker", "--workers", workers.ToString(CultureInfo.InvariantCulture)], _settings, _say);
        _hosts.Add(host);
        await host.StartAsync();
        await host.WorkerAsync(Node.Compute(0), cancellationToken);
    }

    public async Task RemoveHostAsync()
    {
        await _hosts[^1].DisposeAsync();
        _hosts.RemoveAt(_hosts.Count - 1);
    }

    /// <summary>Posts a profile and returns its job.</summary>
    public async Task<string> SubmitProfileAsync(string input, CancellationToken cancellationToken = default)
    {
        using var content = new StringContent(input, Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetString()!;
    }

    /// <summary>The result, once it is there. A front that is killed meanwhile is asked again.</summary>
    public async Task<string> ResultAsync(string job, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var (code, body) = await GetAsync($"/api/jobs/{job}/result?wait=20", cancellationToken);
            if (code is HttpStatusCode.OK)
            {
                return body;
            }

            if (code is HttpStatusCode.Conflict)
            {
                throw new InvalidOperationException(body);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        _client.Dispose();
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while ((await GetAsync("/api/health/ready", cancellationToken)).Code is not HttpStatusCode.OK)
        {
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>The answer; no code when there was none.</summary>
    private async Task<(HttpStatusCode? Code, string Body)> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException)
        {
            await Task.Delay(Pause, cancellationToken);
            return (null, "");
        }
    }
}
