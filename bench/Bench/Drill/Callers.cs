using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Slowlane.Bench.Drill;

/// <summary>The drill's callers. Like any well-behaved caller they give each job a key, and try again while nobody answers.</summary>
internal sealed class Callers : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <summary>How soon a front notices that its worker is gone.</summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client;
    private readonly DrillOptions _options;
    private readonly ConcurrentDictionary<int, string> _accepted = new();
    private readonly ConcurrentQueue<string> _surprises = new();
    private DateTimeOffset _lostUntil = DateTimeOffset.MinValue;

    public Callers(Uri address, DrillOptions options)
    {
        _options = options;
        _client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(40) };
    }

    /// <summary>Where each accepted job is.</summary>
    public IReadOnlyDictionary<int, string> Accepted => _accepted;

    /// <summary>Answers that the contract doesn't have.</summary>
    public IReadOnlyCollection<string> Surprises => _surprises;

    /// <summary>The batch that this drill's rows are written under.</summary>
    public string Batch => string.Create(CultureInfo.InvariantCulture, $"drill-{_options.Seed}");

    /// <summary>The front's worker is about to be killed: requests that are under way get the host's own empty answer.</summary>
    /// <param name="paused">How long the front stands still meanwhile, and answers nobody.</param>
    public void ExpectLostAnswers(TimeSpan paused) => _lostUntil = TimeProvider.System.GetUtcNow() + paused + Noticed;

    /// <summary>The front is about to be paused: what it has not noticed of a killed worker it notices afterwards.</summary>
    public void ExpectPause(TimeSpan pause)
    {
        if (_lostUntil > TimeProvider.System.GetUtcNow())
        {
            ExpectLostAnswers(pause);
        }
    }

    /// <summary>Submits a job; returns when it is accepted, or when nobody has taken it for a long time.</summary>
    public async Task SubmitAsync(int job, Work work)
    {
        var body = Body(job, work);
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Timeout;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, work is Work.LargeInput ? "/api/jobs/profile" : "/api/jobs/spin") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"{Batch}-{job}"));
            var (code, location) = await SendAsync(request);
            if (code is HttpStatusCode.Accepted)
            {
                if (!string.Equals(_accepted.GetOrAdd(job, location!), location, StringComparison.Ordinal))
                {
                    _surprises.Enqueue(string.Create(CultureInfo.InvariantCulture, $"job {job} has two ids"));
                }

                return;
            }

            Expect($"submit of job {job}", code, HttpStatusCode.ServiceUnavailable);
            await Task.Delay(Pause);
        }

        _surprises.Enqueue(string.Create(CultureInfo.InvariantCulture, $"job {job} was not accepted in {Timeout.TotalSeconds} s"));
    }

    /// <summary>Asks once; whether it comes in time, or at all, is part of the drill.</summary>
    public Task CancelAsync(int job) => AskAsync(job, "cancel", HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.Conflict, HttpStatusCode.ServiceUnavailable);

    /// <inheritdoc cref="CancelAsync"/>
    public Task RetryAsync(int job) => AskAsync(job, "retry", HttpStatusCode.Accepted, HttpStatusCode.Conflict, HttpStatusCode.ServiceUnavailable);

    /// <summary>The status document of a job once it is finished, or as it stands when time is up.</summary>
    public async Task<JsonElement> FinishedAsync(string location, CancellationToken timeIsUp)
    {
        while (true)
        {
            var last = await StatusAsync($"{location}?wait={(timeIsUp.IsCancellationRequested ? 0 : 20)}");
            if (timeIsUp.IsCancellationRequested || (last.ValueKind is JsonValueKind.Object && last.GetProperty("finishedAt").ValueKind is not JsonValueKind.Null))
            {
                return last;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Nothing when there was no answer.</summary>
    private async Task<JsonElement> StatusAsync(string path)
    {
        try
        {
            return await _client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Task.Delay(Pause);
            return default;
        }
    }

    private async Task AskAsync(int job, string what, params HttpStatusCode[] expected)
    {
        if (_accepted.TryGetValue(job, out var location))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{location}/{what}");
            var (code, _) = await SendAsync(request);
            Expect($"{what} of job {job}", code, expected);
        }
    }

    private void Expect(string what, HttpStatusCode? code, params HttpStatusCode[] expected)
    {
        if (code is { } answered && !expected.Contains(answered))
        {
            _surprises.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{what} was answered with {(int)answered}"));
        }
    }

    /// <summary>The answer's code and place; no code when there was no answer.</summary>
    private async Task<(HttpStatusCode? Code, string? Location)> SendAsync(HttpRequestMessage request)
    {
        var sent = TimeProvider.System.GetUtcNow();
        try
        {
            using var response = await _client.SendAsync(request);
            return IsLost(response, sent) ? (null, null) : (response.StatusCode, response.Headers.Location?.OriginalString);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (null, null); // The front was killed, or is not up yet.
        }
    }

    // What the app itself answers has a body.
    private bool IsLost(HttpResponseMessage response, DateTimeOffset sent)
        => response.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway && response.Content.Headers.ContentType is null && sent < _lostUntil;

    private string Body(int job, Work work) => work switch
    {
        Work.Spin => Spin(id: 1 + (job % 900), job),
        Work.Fail => Spin(id: 1000, job), // The row that the drill takes out.
        Work.LargeInput => string.Create(CultureInfo.InvariantCulture, $$"""{"rows":[{{string.Join(',', Enumerable.Range(0, 4000).Select(row => $$"""{"job":{{job}},"row":{{row}}}"""))}}]}"""),
        _ => throw new ArgumentOutOfRangeException(nameof(work), work, "Not a kind of work."),
    };

    private string Spin(int id, int job)
        => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"batch":"{{Batch}}","job":{{job}},"spin_ms":{{new Random(_options.Seed + job).Next(20, 700)}}}""");
}
