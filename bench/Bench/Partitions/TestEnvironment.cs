using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Slowlane.Bench.Hosts;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Partitions;

/// <summary>PostgreSQL, Azurite, a front and as many hosts as it is told, each with one worker.</summary>
internal sealed class TestEnvironment : IAsyncDisposable
{
    private readonly DevelopmentServices _services;
    private readonly NpgsqlDataSource _source;
    private readonly Dictionary<string, string> _settings;
    private readonly List<Node> _nodes = [];
    private readonly HttpClient _client;

    private TestEnvironment(DevelopmentServices services)
    {
        _services = services;
        _source = NpgsqlDataSource.Create(services.Database);
        _settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = services.Storage,
            ["Slowlane__Database"] = services.Database,
            ["Slowlane__LeaseSeconds"] = "5",
        };
        var port = LoopbackPort.Free();
        _client = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")), Timeout = TimeSpan.FromMinutes(2) };
        _nodes.Add(new Node("front", ["--role", "front", "--port", port.ToString(CultureInfo.InvariantCulture)], _settings, _ => { }));
    }

    public NpgsqlDataSource Database => _source;

    /// <summary>The front, then the hosts of workers.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    public static async Task<TestEnvironment> StartAsync()
    {
        var environment = new TestEnvironment(await DevelopmentServices.StartAsync(new ServicesOptions { Ephemeral = true }, CancellationToken.None));
        await environment._nodes[0].StartAsync();
        await environment.ReadyAsync();
        return environment;
    }

    public async Task SetWorkersAsync(int count)
    {
        while (_nodes.Count <= count)
        {
            var host = new Node(string.Create(CultureInfo.InvariantCulture, $"host {_nodes.Count}"), ["--role", "worker", "--workers", "1"], _settings, _ => { });
            _nodes.Add(host);
            await host.StartAsync();
        }

        await Task.WhenAll(_nodes.Skip(1).Select(host => host.WorkerAsync(Node.Compute(0))));

        await ResultAsync(await SubmitAsync("""{"rows":[{"n":1}]}""")); // Warm, at least one of them.
    }

    /// <summary>The worker process of a host.</summary>
    public Task<int> WorkerAsync(int host) => _nodes[host].WorkerAsync(Node.Compute(0));

    public async Task RemoveWorkerAsync()
    {
        await _nodes[^1].DisposeAsync();
        _nodes.RemoveAt(_nodes.Count - 1);
    }

    public Task<string> SubmitAsync(int partitions) => SubmitAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"table":"{{SampleTable.Name}}","partitions":{{partitions}}}"""));

    /// <summary>Waits until a part of the job is computed; a small job may be done by then.</summary>
    public async Task UntilPartAsync(string job)
    {
        while (!await AskAsync<bool>($"select coalesce((select finished_at is not null or exists (select from slowlane.part where job_id = id) from slowlane.job where id = '{RowId(job)}'), false)"))
        {
            await Task.Delay(20);
        }
    }

    /// <summary>The result, once it is there. A front that is killed meanwhile is asked again.</summary>
    public async Task<string> ResultAsync(string job)
    {
        while (true)
        {
            try
            {
                using var response = await _client.GetAsync(new Uri($"/api/jobs/{job}/result?wait=20", UriKind.Relative));
                if (response.StatusCode == System.Net.HttpStatusCode.OK)
                {
                    return await response.Content.ReadAsStringAsync();
                }

                if (response.StatusCode == System.Net.HttpStatusCode.Conflict)
                {
                    throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
                }
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>How often the job's result was written.</summary>
    public Task<long> WrittenAsync(string job) => AskAsync<long>($"select count(*) from slowlane.profile where job_id = '{RowId(job)}'");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        _client.Dispose();
        await _source.DisposeAsync();
        await _services.DisposeAsync();
    }

    private async Task<string> SubmitAsync(string input)
    {
        using var content = new StringContent(input, System.Text.Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri("/api/profile", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private async Task ReadyAsync()
    {
        while (true)
        {
            try
            {
                using var response = await _client.GetAsync(new Uri("/api/health/ready", UriKind.Relative));
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await Task.Delay(50);
        }
    }

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static Guid RowId(string job) => Guid.ParseExact(job[..32], "N");
}
