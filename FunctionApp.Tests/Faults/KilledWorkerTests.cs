using System.Text;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>
/// kill -9 of a worker at each step of an attempt; <see cref="KilledProcessTests"/> has the computation. Where the host is
/// gone too, the message stays hidden for the ten minutes of the platform: the job can't have been healed by it.
/// </summary>
public sealed class KilledWorkerTests
{
    /// <summary>How long a host hides a message whose worker died; 10 s in host.json.</summary>
    private static readonly (string, string) BackAfter2Seconds = ("AzureFunctionsJobHost__extensions__queues__visibilityTimeout", "00:00:02");

    // With or without 'deferrable initially deferred', this stops a worker's transaction at its commit or right after its write.
    private const string Stall = """
        create function stall() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(7); return null; end $$;
        create constraint trigger stall after insert on result 
        """;

    [Fact]
    public async Task Worker_KilledBeforeItsClaim_IsNoticedByTheSweepAfterALeaseAndTheJobIsWrittenOnce()
    {
        await using var cluster = await Cluster.StartAsync(lease: 1);
        var location = await cluster.SubmitAsync();
        await cluster.UntilAsync("status = 'queued' from slowlane.job");
        await BeforeClaimAsync(cluster, worker => worker.VanishAsync());
        await cluster.UntilAsync("due_at < now() - interval '1 second' from slowlane.job");

        await cluster.Front.SweepAsync();

        await cluster.JoinAsync();
        await cluster.SucceedsOnceAsync(location);
    }

    [Fact]
    public async Task Worker_KilledBeforeItsClaimAndTheFrontBeforeItRecordedTheJob_LeaveTheMessageWhichRunsItWhenItComesAgain()
    {
        await using var cluster = await Cluster.StartAsync(settings: BackAfter2Seconds);
        var front = await cluster.StartFrontAsync();
        string location;
        await using (await cluster.HoldAsync("lock table slowlane.job in exclusive mode"))
        {
            location = await KilledFrontTests.SubmitAsync(front, 1);
            await front.VanishAsync();
        }

        await BeforeClaimAsync(cluster, async worker =>
        {
            var killed = await worker.Workers.SignalAsync("-KILL");
            await worker.SaysAsync($"process {killed} was ended by signal 9; another is started");
            Assert.Equal(1, (await cluster.Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
        });

        await cluster.SucceedsOnceAsync(location);
    }

    [Fact]
    public async Task Worker_KilledWhileFetching_IsReplacedAndTheJobIsWrittenOnce()
    {
        await using var cluster = await Cluster.StartAsync(lease: 1);
        var location = await cluster.SubmitAsync();
        await using (await cluster.LockAsync("profile"))
        {
            var worker = cluster.StartWorker();
            await cluster.UntilWaitsAsync("select id, data from profile");
            await worker.VanishAsync();
        }

        Assert.Equal("running", await cluster.StatusAsync(location));
        await cluster.TakeBackAsync();
        Assert.Equal("queued", await cluster.StatusAsync(location));
        await cluster.JoinAsync();
        await cluster.SucceedsOnceAsync(location);
        Assert.Equal(1, await cluster.AskAsync<int>("select lost_leases from slowlane.job"));
    }

    [Fact]
    public async Task Worker_KilledBetweenWriteAndCommit_LeavesNoEffectAndTheJobIsWrittenOnce()
    {
        await using var cluster = await Cluster.StartAsync(lease: 1);
        await cluster.ExecuteAsync(Stall + "for each row execute function stall()");
        var location = await cluster.SubmitAsync();
        await AtItsWriteAsync(cluster, "insert into result", worker => worker.VanishAsync());

        await cluster.UntilAsync("not exists (select from pg_stat_activity where datname = current_database() and query ilike 'insert into result%')");
        Assert.Equal("running", await cluster.StatusAsync(location));
        Assert.Equal(0, await cluster.AskAsync<long>("select count(*) from result"));
        await cluster.TakeBackAsync();
        await cluster.JoinAsync();
        await cluster.SucceedsOnceAsync(location);
    }

    [Fact]
    public async Task Worker_KilledBetweenCommitAndTheEndOfItsMessage_HasWrittenOnceAndTheMessageIsDropped()
    {
        await using var cluster = await Cluster.StartAsync(settings: BackAfter2Seconds);
        await cluster.ExecuteAsync(Stall + "deferrable initially deferred for each row execute function stall()");
        var location = await cluster.SubmitAsync();

        // The server has the commit; the worker doesn't live to hear of it.
        await AtItsWriteAsync(cluster, "commit", async worker =>
        {
            var killed = await worker.Workers.SignalAsync("-KILL");
            await worker.SaysAsync($"process {killed} was ended by signal 9; another is started");
            Assert.Equal(1, (await cluster.Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
        });

        await cluster.SucceedsOnceAsync(location);
        await cluster.UntilQueueIsEmptyAsync();
        await cluster.SucceedsOnceAsync(location);
        Assert.Equal("1 0", await cluster.AskAsync<string>("select fence || ' ' || (select count(*) from slowlane.poison) from slowlane.job"));
    }

    [Fact]
    public async Task Worker_KilledInTheMiddleOfABatch_LosesNoneOfItsJobsAndEachIsWrittenOnce()
    {
        await using var cluster = await Cluster.StartAsync(lease: 1);
        var jobs = Enumerable.Range(0, 5).Select(job => new AcceptedJob(
            JobId.New(TimeProvider.System, TestStores.Spin.Tag), Encoding.UTF8.GetBytes($$"""{"id":1,"batch":"b","job":{{job}},"spin_ms":200}"""), null)).ToList();
        await cluster.Queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await cluster.Queue.SendMessageAsync(SharedMessage.Write("spin", jobs), cancellationToken: Cancellation);

        var worker = cluster.StartWorker();
        await cluster.UntilAsync("count(*) = 5 from slowlane.job where status = 'running'");
        await worker.VanishAsync();

        await cluster.TakeBackAsync();
        await cluster.JoinAsync();
        foreach (var job in jobs)
        {
            Assert.Equal("succeeded", (await cluster.Front.FinishedAsync($"/api/jobs/{job.Id}")).GetProperty("status").GetString());
        }

        await cluster.WrittenOnceAsync(5);
    }

    private static async Task AtItsWriteAsync(Cluster cluster, string statement, Func<HostProcess, Task> kill)
    {
        await using (await cluster.HoldAsync("select pg_advisory_xact_lock(7)"))
        {
            var worker = cluster.StartWorker();
            await cluster.UntilWaitsAsync(statement);
            await kill(worker);
        }
    }

    private static async Task BeforeClaimAsync(Cluster cluster, Func<HostProcess, Task> kill)
    {
        await using var locked = await cluster.HoldAsync("lock table slowlane.job in exclusive mode");
        var worker = cluster.StartWorker();
        await cluster.UntilWaitsAsync("insert into slowlane.job");
        await kill(worker);

        // The statement went no further than a lost packet would have.
        await cluster.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
    }
}
