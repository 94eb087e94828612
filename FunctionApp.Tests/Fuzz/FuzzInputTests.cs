using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Fuzz;

/// <summary>Generated requests over every route of a real host. SLOWLANE_HOSTILE_REQUESTS and SLOWLANE_HOSTILE_SEED make more of them, and others.</summary>
public sealed partial class FuzzInputTests
{
    private static readonly int Requests = Setting("SLOWLANE_HOSTILE_REQUESTS", 10_000);
    private static readonly int Seed = Setting("SLOWLANE_HOSTILE_SEED", 1);

    [Fact]
    public async Task Requests_HoweverHostile_GetAnAnswerThatIsNeitherAServerErrorNorTellsOfInsides()
    {
        await using var database = await TestDatabase.CreateAsync();
        var storage = await TestServices.StorageAsync();
        var keys = Path.Combine(Path.GetTempPath(), $"slowlane-keys-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(keys, """{"master":"the-master-key-of-a-test","host":{"default":"the-host-key-of-a-test"}}""", Cancellation);
        try
        {
            await using var host = await HostProcess.StartAsync(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["AzureWebJobsStorage"] = storage,
                    ["Slowlane__Database"] = database.ConnectionString,
                    ["LocalHost__KeysFile"] = keys,
                },
                "--role", "front", "--enable-auth");
            await AttackAsync(host, [Secret(storage, "AccountKey=(?<secret>[^;]+)"), Secret(database.ConnectionString, "Password=(?<secret>[^;]+)"), "the-master-key-of-a-test", "the-host-key-of-a-test"]);
        }
        finally
        {
            File.Delete(keys);
        }
    }

    private static async Task AttackAsync(HostProcess host, IReadOnlyList<string> secrets)
    {
        var jobs = await SubmitSomeAsync(host);
        var statuses = new ConcurrentDictionary<int, int>();
        await SendAsync(host, jobs, secrets, 0, Requests / 5, statuses);
        var before = Memory(host);
        await SendAsync(host, jobs, secrets, Requests / 5, Requests, statuses);
        var growth = Memory(host).Max(process => process.Value - before[process.Key]);

        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{Requests} requests of seed {Seed}: {string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Value} x {status.Key}"))}; memory of a process grew from {before.Values.Max() >> 20} by at most {growth >> 20} MiB"));
        Assert.Superset(new HashSet<int>([200, 202, 400, 401, 404, 413, 415, 422]), statuses.Keys.ToHashSet()); // It still hits what it aims at.
        Assert.InRange(growth, long.MinValue, 96L << 20);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, host.Output, StringComparison.Ordinal));
        Assert.DoesNotMatch(OwnFrame(), host.Output); // The worker's own packages log a trace when a caller leaves between message and request.
        using var live = await host.Client.GetAsync(new Uri("/api/health/live", UriKind.Relative), Cancellation);
        Assert.True(live.IsSuccessStatusCode);
    }

    private static Task SendAsync(HostProcess host, IReadOnlyList<string> jobs, IReadOnlyList<string> secrets, int from, int to, ConcurrentDictionary<int, int> statuses) => Parallel.ForEachAsync(
        Enumerable.Range(from, to - from),
        new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation },
        async (number, cancellationToken) =>
        {
            var request = FuzzRequest.Next(new Random((Seed * 1_000_000) + number), "the-host-key-of-a-test", jobs);
            if (await Answer.ToAsync(request, host.Client.BaseAddress!, cancellationToken) is not { } answer)
            {
                return;
            }

            statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            if (!IsBrokenBody(request, answer) && Fault(answer, secrets) is { } fault)
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"Request {number} of seed {Seed}: {fault}\n{System.Text.Encoding.UTF8.GetString(request.Head)}\n{System.Text.Encoding.UTF8.GetString(request.Body.AsSpan(0, Math.Min(500, request.Body.Length)))}\n\n{answer.Head}\n\n{answer.Body[..Math.Min(500, answer.Body.Length)]}"));
            }
        });

    // A body that announces another length than it has ends as an empty 500 on the platform, whatever the app answers.
    private static bool IsBrokenBody(FuzzRequest request, Answer answer)
        => answer is { Status: 500, Body.Length: 0 }
            && System.Text.Encoding.UTF8.GetString(request.Head) is var head
            && head.Contains("Content-Length: ", StringComparison.Ordinal)
            && !head.Contains(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {request.Body.Length}\r\n"), StringComparison.Ordinal);

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    private static string? Fault(Answer answer, IReadOnlyList<string> secrets) => answer switch
    {
        { Status: 0 } => "no answer",
        { Status: not ((>= 200 and < 300) or 304 or (>= 400 and < 500)) } => "a status that is neither success nor the caller's fault",
        _ when secrets.Any(secret => answer.Body.Contains(secret, StringComparison.Ordinal) || answer.Head.Contains(secret, StringComparison.Ordinal)) => "a secret",
        _ when StackTrace().IsMatch(answer.Body) => "a stack trace",
        { Status: >= 400, Body.Length: > 0 } when !IsProblem(answer) => "an error that is no problem document",
        _ => null,
    };

    private static bool IsProblem(Answer answer)
    {
        if (!answer.Head.Contains("Content-Type: application/problem+json", StringComparison.Ordinal))
        {
            return false;
        }

        using var json = JsonDocument.Parse(System.Text.Encoding.Latin1.GetBytes(answer.Body));
        return json.RootElement.GetProperty("status").GetInt32() == answer.Status
            && json.RootElement.GetProperty("type").GetString()!.StartsWith("urn:slowlane:problem:", StringComparison.Ordinal)
            && json.RootElement.GetProperty("detail").GetString()!.Length > 0;
    }

    private static async Task<IReadOnlyList<string>> SubmitSomeAsync(HostProcess host)
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/jobs/spin") { Content = new StringContent("""{"id":1}""", System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Add("x-functions-key", "the-host-key-of-a-test");
            using var response = await host.Client.SendAsync(request, Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{response} {await response.Content.ReadAsStringAsync(Cancellation)} {host.Output}");
            ids.Add(response.Headers.Location!.OriginalString.Split('/')[^1]);
        }

        return ids;
    }

    private static string Secret(string text, string pattern) => Regex.Match(text, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["secret"].Value;

    /// <summary>Of the host and of each worker, by process.</summary>
    private static Dictionary<int, long> Memory(HostProcess host) => host.Workers.All.Append(host.Id).ToDictionary(id => id, id =>
    {
        using var process = System.Diagnostics.Process.GetProcessById(id);
        return process.WorkingSet64;
    });

    private static int Setting(string name, int fallback)
        => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : fallback;

    [GeneratedRegex(@"^\s+at [A-Za-z_.]+\.[A-Za-z_<>`0-9]+\(|\.cs:line ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex StackTrace();

    [GeneratedRegex(@"^\s+at Slowlane\.", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex OwnFrame();
}
