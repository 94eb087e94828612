using System.Globalization;
using System.Net;
using System.Text.Json;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>kill -9 of each process that a job in parts is spread over, in the middle of its parts.</summary>
public sealed class KilledPartTests
{
    // Rows come to a job once the test lets go of a lock: a wait that no lock_timeout ends.
    private const string Table = """
        create function gate() returns boolean language plpgsql as $$
        begin
            while not pg_try_advisory_xact_lock_shared(7) loop perform pg_sleep(0.05); end loop;
            return true;
        end $$;
        create table big as select n, repeat('x', 500) as filler from generate_series(1, 2000) n;
        alter table big enable row level security;
        create policy gate on big for select to slowlane_job using (gate());
        """;

    // Read by binary COPY, a statement for each part; that of the split is over.
    private const string PartsWaiting = "count(*) = 2 from pg_stat_activity where datname = current_database() and state = 'active' and query ilike 'copy%big%ctid%'";

    [Fact]
    public async Task WorkerAndFront_KilledWhileAPartIsComputed_AreReplacedAndTheJobIsWrittenOnce()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.ExecuteAsync(Table);
        var front = await cluster.StartFrontAsync();
        var host = await cluster.StartHostAsync("--workers", "2");
        string location;
        await using (await cluster.HoldAsync("select pg_advisory_xact_lock(7)"))
        {
            location = await SubmitAsync(front);
            await cluster.UntilAsync(PartsWaiting);
            var other = host.Workers.All.Except([await HolderAsync(cluster)]).Single(worker => worker != host.Workers.Of("web").Single());

            await ProcessTable.SignalAsync(other, "-KILL");
            await host.SaysAsync($"process {other} was ended by signal 9; another is started");
            await front.VanishAsync();
        }

        await SucceedsOnceAsync(cluster, location);
        Assert.Equal("1 0", await cluster.AskAsync<string>("select fence || ' ' || lost_leases from slowlane.job"));
    }

    [Fact]
    public async Task Holder_KilledWhileItsPartsAreComputed_IsReplacedByAnotherWithPartsOfItsOwn()
    {
        await using var cluster = await Cluster.StartAsync(lease: 2);
        await cluster.ExecuteAsync(Table);
        var host = await cluster.StartHostAsync("--workers", "2");
        string location;
        await using (await cluster.HoldAsync("select pg_advisory_xact_lock(7)"))
        {
            location = await cluster.Front.SubmitAsync("profile", """{"table":"big","partitions":2,"rowSecurity":true}""");
            await cluster.UntilAsync(PartsWaiting);

            await ProcessTable.SignalAsync(await HolderAsync(cluster), "-KILL");
            await cluster.TakeBackAsync();
            await host.SaysAsync("stopped, its attempt is over");
            await cluster.UntilAsync("fence = 2 from slowlane.job");
        }

        await SucceedsOnceAsync(cluster, location);
        Assert.Equal(1, await cluster.AskAsync<int>("select lost_leases from slowlane.job"));
    }

    private static async Task SucceedsOnceAsync(Cluster cluster, string location)
    {
        var status = await cluster.Front.FinishedAsync(location);
        Assert.Equal(("succeeded", 1), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        using var response = await cluster.Front.GetAsync(location + "/result");
        using var result = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal((2000, 2), (result.RootElement.GetProperty("rowCount").GetInt32(), result.RootElement.GetProperty("partitions").GetInt32()));
        Assert.Equal("1 0", await cluster.AskAsync<string>("select (select count(*) from slowlane.profile) || ' ' || (select count(*) from slowlane.part)"));
    }

    private static async Task<string> SubmitAsync(HostProcess front)
    {
        using var content = new StringContent("""{"table":"big","partitions":2,"rowSecurity":true}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await front.Client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }

    private static async Task<int> HolderAsync(Cluster cluster)
        => int.Parse(await cluster.AskAsync<string>("select split_part(worker, ':', 2) from slowlane.job"), CultureInfo.InvariantCulture);
}
