using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using Npgsql;
using Xunit;

namespace Slowlane.Tests.Conformance;

/// <summary>
/// A running app, known by its address and its connection strings alone. By default a local host of the suite's own; with
/// SLOWLANE_URL whatever answers there: <c>func start</c>, or an app on Azure.
/// </summary>
/// <remarks>
/// SLOWLANE_KEY: a host key. SLOWLANE_MASTER_KEY: for poison messages. SLOWLANE_STORAGE and SLOWLANE_DATABASE: connection
/// strings, for what happens behind the requests. SLOWLANE_RESTART: a shell command that restarts the app and returns
/// when that is done. Tests are skipped, by name, that need what isn't given.
/// </remarks>
public sealed class Target : IAsyncLifetime
{
    private const string LocalKey = "a-host-key-of-tests-only";
    private const string LocalMasterKey = "a-master-key-of-tests-only";

    /// <summary>A queue may be full of others' jobs, and an app without instances needs its time.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private readonly string? _key = Setting("SLOWLANE_KEY");
    private readonly string? _restart = Setting("SLOWLANE_RESTART");
    private string? _masterKey = Setting("SLOWLANE_MASTER_KEY");
    private string? _storage = Setting("SLOWLANE_STORAGE");
    private string? _database = Setting("SLOWLANE_DATABASE");
    private HttpClient _client = null!;
    private OwnHost? _own;

    public HttpClient Client => _client;

    public async ValueTask InitializeAsync()
    {
        if (Setting("SLOWLANE_URL") is { } url)
        {
            _client = Make(new Uri(url), _key);
            return;
        }

        _own = await OwnHost.StartAsync(LocalKey, LocalMasterKey);
        (_storage, _database, _masterKey) = (_own.Storage, _own.Database, LocalMasterKey);
        _client = Make(_own.Address, LocalKey);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_own is not null)
        {
            await _own.DisposeAsync();
        }
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
        => SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Submits a job that must be accepted; returns where it is.</summary>
    public async Task<string> SubmitAsync(string path, string json)
    {
        using var response = await PostAsync(path, json);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    /// <summary>The status document of a job once it is finished. A host that restarts may refuse it for a while, another one not for ever.</summary>
    public async Task<JsonElement> FinishedAsync(string location)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            using var response = await GetAsync($"{location}?wait=20");
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            if (response.StatusCode is HttpStatusCode.OK)
            {
                using var document = JsonDocument.Parse(text);
                if (document.RootElement.GetProperty("finishedAt").ValueKind is not JsonValueKind.Null)
                {
                    return document.RootElement.Clone();
                }
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < Timeout, $"{location} is not finished after {Timeout.TotalMinutes} minutes; the last answer was {(int)response.StatusCode}: {text}");
            await Task.Delay(100, Cancellation);
        }
    }

    /// <summary>With the key that administrators have.</summary>
    public async Task<JsonElement> AskAsAdministratorAsync(string path)
    {
        Assert.SkipWhen(_masterKey is null, "Needs SLOWLANE_MASTER_KEY.");
        using var response = await GetAsync(path, ("x-functions-key", _masterKey!));
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    /// <summary>Puts a message onto the queue, past the app.</summary>
    public async Task SendAsync(string message)
    {
        Assert.SkipWhen(_storage is null, "Needs SLOWLANE_STORAGE.");
        var queue = new QueueClient(_storage, "jobs", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync(message, Cancellation);
    }

    /// <summary>Runs a statement, past the app.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        Assert.SkipWhen(_database is null, "Needs SLOWLANE_DATABASE.");
        await using var source = NpgsqlDataSource.Create(_database!);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    /// <summary>Ends the app and starts it again.</summary>
    public async Task RestartAsync()
    {
        if (_own is not null)
        {
            await _own.RestartAsync();
            _client.Dispose();
            _client = Make(_own.Address, LocalKey);
            return;
        }

        Assert.SkipWhen(_restart is null, "Needs SLOWLANE_RESTART.");
        using var restart = Process.Start("sh", ["-c", _restart!]);
        await restart.WaitForExitAsync(Cancellation);
        Assert.Equal(0, restart.ExitCode);
    }

    private static HttpClient Make(Uri address, string? key)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add("x-functions-key", key);
        }

        return client;
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.RelativeOrAbsolute)) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await _client.SendAsync(request, Cancellation);
    }
}
