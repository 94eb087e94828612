using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Faults;

public sealed class KilledProcessTests
{
    [Fact]
    public async Task Worker_KilledInTheMiddleOfAJob_IsStartedAgainAndTheJobIsWrittenOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = await StartAsync(database, "--workers", "1");
        var location = await SubmitAsync(host, """{"id":1,"batch":"killed","job":1,"spin_ms":1500}""");
        var worker = await RunningOnAsync(database);

        Process.GetProcessById(worker).Kill();

        await host.SaysAsync($"process {worker} was ended by signal 9; another is started");
        var status = await FinishedAsync(host, location);
        Assert.Equal("succeeded", status.GetProperty("status").GetString());
        Assert.Equal(1, status.GetProperty("attempt").GetInt32());
        Assert.Equal(1, await database.QueryAsync<long>("select count(*) from result where batch = 'killed'"));
        Assert.Equal(1, await database.QueryAsync<int>("select lost_leases from slowlane.job"));
    }

    [Fact]
    public async Task Host_KilledInTheMiddleOfAJob_HasItsWorkersEndAndTheNextHostRunsTheJob()
    {
        await using var cluster = await Cluster.StartAsync();
        var host = await cluster.StartHostAsync("--workers", "1");
        var location = await cluster.SubmitAsync(spinMs: 2_000);
        await cluster.UntilAsync("progress > 0 from slowlane.job");

        await host.KillAsync();

        await Eventually.HoldsAsync(() => !host.Workers.All.Any(ProcessTable.IsAlive));
        Assert.Equal("queued 0 0", await cluster.AskAsync<string>("select status || ' ' || attempt || ' ' || lost_leases from slowlane.job")); // The guard told them.
        cluster.StartWorker();
        await cluster.SucceedsOnceAsync(location);
        Assert.Equal(2, await cluster.AskAsync<long>("select fence from slowlane.job"));
    }

    [Fact]
    public async Task EphemeralHost_WhoseStorageIsLostAndThenItsGuardAndItself_RunsTheNextJobAndLeavesNoWorker()
    {
        await using var host = await StartEphemeralAsync();
        await host.ReadyAsync();

        ProcessTable.Kill(host.Folder, "azurite.js");
        await host.SaysAsync("Azurite is running again.");
        await host.SaysAsync("queues, timers and orchestrations have started."); // What they listened to was gone.
        var location = await SubmitAsync(host, """{"id":1,"spin_ms":1}""");
        Assert.Equal("succeeded", (await FinishedAsync(host, location)).GetProperty("status").GetString());

        ProcessTable.Kill(host.Folder, "guard.mjs");
        await host.KillAsync();
        await Eventually.HoldsAsync(() => !host.Workers.All.Any(ProcessTable.IsAlive));
        await ProcessTable.UntilNoneAsync(host.Folder);
    }

    [Fact]
    public async Task EphemeralHosts_SideBySide_LeaveNeitherProcessNorFileHoweverTheyEnd()
    {
        string[] signals = ["-INT", "-KILL"]; // One that is told to stop by -TERM: LibpqVariablesTests.
        var hosts = await Task.WhenAll(signals.Select(_ => StartEphemeralAsync()));
        try
        {
            foreach (var host in hosts)
            {
                var location = await SubmitAsync(host, """{"id":1,"spin_ms":1}""");
                Assert.Equal("succeeded", (await FinishedAsync(host, location)).GetProperty("status").GetString());
                Assert.NotEmpty(ProcessTable.With(host.Folder));
            }

            await Task.WhenAll(hosts.Zip(signals, (host, signal) => host.SignalAsync(signal)));

            foreach (var host in hosts)
            {
                await host.LeavesNothingAsync();
            }
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    private static Task<HostProcess> StartEphemeralAsync() => HostProcess.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal), "--ephemeral", "--workers", "1");

    private static async Task<HostProcess> StartAsync(TestDatabase database, params string[] arguments) => await HostProcess.StartAsync(
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = await TestServices.StorageAsync(),
            ["Slowlane__Database"] = database.ConnectionString,
            ["Slowlane__LeaseSeconds"] = "2",
        },
        arguments);

    private static async Task<string> SubmitAsync(HostProcess host, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await host.Client.PostAsync(new Uri("/api/jobs/spin", UriKind.Relative), content, Cancellation);
        response.EnsureSuccessStatusCode();
        return response.Headers.Location!.OriginalString;
    }

    private static Task<JsonElement> FinishedAsync(HostProcess host, string location) => Eventually.SeesAsync(
        () => host.Client.GetFromJsonAsync<JsonElement>(new Uri($"{location}?wait=30", UriKind.Relative), Cancellation),
        status => status.GetProperty("finishedAt").ValueKind is not JsonValueKind.Null);

    /// <summary>The process that runs the only job, once it does.</summary>
    private static async Task<int> RunningOnAsync(TestDatabase database)
    {
        await Eventually.HoldsAsync(() => database.QueryAsync<bool>("select to_regclass('slowlane.job') is not null")); // The schema comes with the first claim.
        var worker = await Eventually.SeesAsync(
            () => database.QueryAsync<string>("select coalesce((select worker from slowlane.job where status = 'running'), '')"), worker => worker.Length > 0);
        return int.Parse(worker[(worker.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }
}
