using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.Telemetry;
using Xunit;

namespace Slowlane.Tests.Execution;

/// <summary>Messages that several jobs share, handed to the runner as the host would; what it sends stays in the queue.</summary>
public sealed class JobExecutorTests : IAsyncDisposable
{
    private readonly ScriptedSetJob _type = new();
    private SlowlaneApp? _app;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Set_WhoseJobsEndDifferently_GivesEachItsOwnEnd()
    {
        _type.Compute = (note, context) => _ = note switch
        {
            "wrong" => throw new JobException("no-way", "No way.", "There is no way."),
            "unlucky" => throw new InvalidOperationException("secret"),
            "slow" => ScriptedJob.UntilStopped(context),
            _ => note,
        };
        await StartAsync(new JobOptions { TimeLimit = TimeSpan.FromSeconds(2), Backoff = TimeSpan.FromMinutes(1) });

        await RunAsync(Message("good", "wrong", "unlucky", "slow", "fine"));

        Assert.Equal(["good succeeded 1 ", "wrong failed 1 no-way", "unlucky queued 1 attempt-failed", "slow failed 1 time-limit", "fine succeeded 1 "], await EndsAsync());
        Assert.Equal(["fine", "good"], await WrittenAsync());
        Assert.Equal(5, Assert.Single(_type.Fetches));
        Assert.Equal([1, 1], _type.Writes); // What is computed does not wait for all of a set that takes long.
        Assert.Contains("\"fine\"", await Sql.QueryAsync<string>("select body from slowlane.result join slowlane.job on id = job_id where input like '%fine%'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_DeliveredTwiceAtOnceAndOnceMore_RunsOnce()
    {
        await StartAsync();
        var message = Message("a", "b", "c");

        await Task.WhenAll(RunAsync(message), RunAsync(message));
        await RunAsync(message);

        Assert.Equal(["a", "b", "c"], _type.Turns.Order(StringComparer.Ordinal).ToArray());
        Assert.Equal(["a", "b", "c"], await WrittenAsync());
    }

    [Fact]
    public async Task Cancel_OfJobsThatRunAndThatWait_EndsThoseAndNoOther()
    {
        using var running = new SemaphoreSlim(0);
        _type.Compute = (note, context) =>
        {
            if (note is "running")
            {
                running.Release();
                ScriptedJob.UntilStopped(context);
            }
        };
        await StartAsync();
        var run = RunAsync(Message("first", "running", "waiting", "last"));
        await running.WaitAsync(Cancellation);
        var controls = _app!.Services.GetRequiredService<ControlStore>();
        foreach (var job in (JobId[])[.. await JobsAsync("input like '%waiting%'"), .. await JobsAsync("input like '%running%'")])
        {
            await controls.CancelAsync(job, null, mayWait: true, Cancellation);
        }

        await run;

        Assert.Equal(["first succeeded 1 ", "running cancelled 1 ", "waiting cancelled 1 ", "last succeeded 1 "], await EndsAsync());
        Assert.Equal(["first", "running", "last"], _type.Turns.ToArray());
        Assert.Equal(["first", "last"], await WrittenAsync());
    }

    [Fact]
    public async Task Lease_LostByOneJobOfABatch_LeavesItToItsNewHolderAndWritesTheOthers()
    {
        _type.Compute = (note, _) =>
        {
            if (note is "second")
            {
                Sql.ExecuteAsync("update slowlane.job set fence = fence + 1, worker = 'another' where input like '%first%'").Wait(Cancellation);
            }
        };
        await StartAsync();

        await RunAsync(Message("first", "second", "third"));

        Assert.Equal(["first running 1 ", "second succeeded 1 ", "third succeeded 1 "], await EndsAsync());
        Assert.Equal(["second", "third"], await WrittenAsync());
        Assert.Equal(2, Assert.Single(_type.Writes));
    }

    [Fact]
    public async Task Write_ThatFailsForAll_IsTriedForEachAndFailsOnlyTheJobThatIsToBlame()
    {
        _type.Write = notes => _ = notes.Contains("bad", StringComparer.Ordinal) ? throw new JobException("unwritable", "It can't be written.", "It is bad.") : notes;
        await StartAsync();

        await RunAsync(Message("a", "bad", "b"));

        Assert.Equal(["a succeeded 1 ", "bad failed 1 unwritable", "b succeeded 1 "], await EndsAsync());
        Assert.Equal(["a", "b"], await WrittenAsync());
        Assert.Equal([3, 1, 1, 1], _type.Writes);
        Assert.Equal(3, _type.Turns.Count);
    }

    [Fact]
    public async Task Fetch_ThatFailsForAll_IsTriedForEachAndFailsOnlyTheJobThatIsToBlame()
    {
        _type.Fetch = notes => _ = notes.Contains("bad", StringComparer.Ordinal) ? throw new JobException("unreadable", "It can't be read.", "It is bad.") : notes;
        await StartAsync();

        await RunAsync(Message("a", "bad", "b"));

        Assert.Equal(["a succeeded 1 ", "bad failed 1 unreadable", "b succeeded 1 "], await EndsAsync());
        Assert.Equal([3, 1, 1, 1], _type.Fetches);
    }

    [Fact]
    public async Task Worker_ThatStopsInTheMiddleOfABatch_WritesWhatIsDoneAndHandsTheRestBackInOneMessage()
    {
        using var stopping = new CancellationTokenSource();
        _type.Compute = (note, context) =>
        {
            if (note is "second" && !stopping.IsCancellationRequested)
            {
                stopping.Cancel();
                ScriptedJob.UntilStopped(context);
            }
        };
        await StartAsync();

        await RunAsync(Message("first", "second", "third"), stopping.Token);

        Assert.Equal(["first succeeded 1 ", "second queued 0 ", "third queued 0 "], await EndsAsync());
        var rest = (await Queue.ReceiveMessagesAsync(32, cancellationToken: Cancellation)).Value;
        await RunAsync(Assert.Single(rest).Body.ToString());
        Assert.Equal(["first succeeded 1 ", "second succeeded 1 ", "third succeeded 1 "], await EndsAsync());
        Assert.Equal(["first", "second", "third"], await WrittenAsync());
    }

    [Fact]
    public async Task Database_LostWhileABatchIsWritten_IsWaitedForAndTheBatchIsWrittenOnce()
    {
        _type.Write = _ =>
        {
            if (_type.Writes.Count == 1)
            {
                Sql.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'slowlane'").Wait(Cancellation);
            }
        };
        await StartAsync();

        await RunAsync(Message("a", "b"));

        Assert.Equal(["a", "b"], await WrittenAsync());
        Assert.Equal([2, 2], _type.Writes);
        Assert.Equal(2, _type.Turns.Count);
    }

    [Theory]
    [InlineData(true, new[] { 2, 2, 2 })]
    [InlineData(false, new[] { 2, 1, 1, 1 })]
    public async Task Outage_ThatIsWaitedOutWhileABatchIsWritten_IsNotTheJobsTime(bool together, int[] writes)
    {
        var time = new TestTime();
        _type.Write = _ =>
        {
            time.Advance(TimeSpan.FromMinutes(40));
            if (_type.Writes.Count < (together ? 3 : 2))
            {
                throw together ? new NpgsqlException("gone", new IOException()) : new InvalidOperationException("Each by itself, please.");
            }

            if (!together && _type.Writes.Count == 2)
            {
                throw new NpgsqlException("gone", new IOException());
            }
        };
        await StartAsync(time, TimeSpan.FromHours(1));

        var run = RunAsync(Message("a", "b"));
        await Eventually.HoldsAsync(() => !_type.Writes.IsEmpty || run.IsCompleted); // Time that passes while they are computed would part them.
        await PassingAsync(time, run);

        Assert.Equal(["a", "b"], await WrittenAsync());
        Assert.Equal(writes, _type.Writes);
    }

    [Fact]
    public async Task Database_LostWhileABatchIsFetched_PutsItOffUnchargedInOneMessage()
    {
        _type.Fetch = _ => throw new NpgsqlException("gone", new IOException());
        await StartAsync();

        await RunAsync(Message("a", "b"));

        Assert.Equal(["a queued 0 ", "b queued 0 "], await EndsAsync());
        Assert.Equal("1 1", await Sql.QueryAsync<string>("select string_agg(outages::text, ' ') from slowlane.job"));
        Assert.Equal(1, (await Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Outage_ThatInterruptsABatch_IsLoggedWithItsStackOnceAndWithoutItForEachJob()
    {
        _type.Fetch = _ => throw new NpgsqlException("gone", new IOException());
        using var lines = new LogLines();
        _app = await SlowlaneApp.StartFrontAsync(services: services =>
        {
            services.AddSingleton<ILoggerProvider>(lines);
            _type.Register(services);
        });
        await Queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);

        await RunAsync(Message("a", "b", "c"));

        var whole = Assert.Single(lines.With("3 jobs (scripted) were cut off"));
        Assert.Equal("gone", whole.Failure!.Message);
        var each = lines.With("the attempt failed");
        Assert.All(each, line => Assert.Null(line.Failure));
        Assert.Equal((await JobsAsync("true")).Select(id => $"{id} scripted 1").Order(StringComparer.Ordinal), each.Select(line => line.Scope).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Computation_ThatIgnoresItsToken_LosesItsLaneAndTheRestOfItsSetGoesOnOnOthers()
    {
        using var over = new ManualResetEventSlim();
        _type.Compute = (note, _) =>
        {
            if (note is "deaf")
            {
                over.Wait();
            }
        };
        await StartAsync(new JobOptions { TimeLimit = TimeSpan.FromSeconds(1) });

        await RunAsync(Message("first", "deaf", "third", "fourth"));
        over.Set();

        Assert.Equal(["first succeeded 1 ", "deaf failed 1 time-limit", "third succeeded 1 ", "fourth succeeded 1 "], await EndsAsync());
        Assert.Equal(["first", "fourth", "third"], await WrittenAsync());
        Assert.Equal(["first", "deaf", "third", "fourth"], _type.Turns.ToArray());
    }

    [Theory]
    [InlineData("fetch")]
    [InlineData("write")]
    public async Task Worker_ThatStopsInTheFetchOrWriteOfABatch_HandsItBackUnchargedAlsoBeforeItsJobsHaveHeard(string step)
    {
        using var stopping = new CancellationTokenSource();
        using var heard = new ManualResetEventSlim();
        using var over = new ManualResetEventSlim();

        // Who registers last hears first: the step hears, and its jobs don't before the set is over.
        ScriptedSetJob.Reading.Value = () => stopping.Token.Register(() =>
        {
            heard.Set();
            over.Wait(Cancellation);
        });
        Task cancelled = Task.CompletedTask;
        Action<IReadOnlyList<string>> stop = _ =>
        {
            cancelled = stopping.CancelAsync();
            heard.Wait(Cancellation);
            throw new InvalidOperationException("cut off by the stop");
        };
        (_type.Fetch, _type.Write) = step is "fetch" ? (stop, _type.Write) : (_type.Fetch, stop);
        await StartAsync();

        await RunAsync(Message("a", "b"), stopping.Token);
        over.Set();
        await cancelled;

        Assert.Equal(["a queued 0 ", "b queued 0 "], await EndsAsync());
        Assert.Equal(1, (await Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
    }

    [Theory]
    [InlineData("fetch")]
    [InlineData("write")]
    public async Task ErrorOfOneJob_WhileTheWorkerStops_FailsNoJobOfItsBatch(string step)
    {
        using var stopping = new CancellationTokenSource();
        Action<IReadOnlyList<string>> fail = notes =>
        {
            stopping.Cancel();
            throw new JobException("bad", "It is bad.", $"One of {notes.Count} is bad.");
        };
        (_type.Fetch, _type.Write) = step is "fetch" ? (fail, _type.Write) : (_type.Fetch, fail);
        await StartAsync();

        await RunAsync(Message("a", "bad", "b"), stopping.Token);

        Assert.Equal(["a queued 0 ", "bad queued 0 ", "b queued 0 "], await EndsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failure_ThatTheCallerIsNotShown_IsLoggedWithItsCause(bool isTimeout)
    {
        _type.Compute = (_, _) => throw (isTimeout ? new TaskCanceledException("The HTTP client's time is over.") : new JobException("no-way", "No way.", "There is no way.", new IOException("the cause")));
        using var lines = new LogLines();
        _app = await SlowlaneApp.StartFrontAsync(services: services =>
        {
            services.AddSingleton<ILoggerProvider>(lines);
            _type.Register(services, new JobOptions { Backoff = TimeSpan.FromMinutes(1) });
        });
        await Queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);

        await RunAsync(Message("a"));

        var failure = Assert.Single(lines.With("the attempt failed")).Failure!;
        Assert.Equal(isTimeout ? "The HTTP client's time is over." : "the cause", (failure.InnerException ?? failure).Message);
        Assert.Equal([isTimeout ? "a queued 1 attempt-failed" : "a failed 1 no-way"], await EndsAsync());
    }

    [Theory]
    [InlineData("fetch")]
    [InlineData("compute")]
    [InlineData("write")]
    public async Task Failure_ThatIsExplained_IsLoggedAsItsSentenceWithoutAStack(string step)
    {
        _type.Fetch = _ => RefuseAt("fetch");
        _type.Compute = (_, _) => RefuseAt("compute");
        _type.Write = _ => RefuseAt("write");
        using var lines = new LogLines();
        _app = await SlowlaneApp.StartFrontAsync(services: services => _type.Register(services.AddSingleton<ILoggerProvider>(lines)));
        await Queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);

        await RunAsync(Message("a", "b"));

        Assert.Equal(["a failed 1 not-permitted", "b failed 1 not-permitted"], await EndsAsync());
        Assert.Equal(2, lines.With("the attempt failed (number 1): It was refused: grant it.").Count);
        Assert.DoesNotContain(lines.With("the attempt failed").Concat(lines.With("one by one")), line => line.Failure is not null);

        void RefuseAt(string failing)
        {
            if (string.Equals(step, failing, StringComparison.Ordinal))
            {
                throw new JobException("not-permitted", "No.", "It was refused: grant it.", new PostgresException("permission denied", "ERROR", "ERROR", PostgresErrorCodes.InsufficientPrivilege));
            }
        }
    }

    [Fact]
    public async Task Write_ThatFailsAsByAnOutageWhileTheDatabaseAnswers_FailsOnlyTheJobThatIsToBlame()
    {
        _type.Write = notes => _ = notes.Contains("bad", StringComparer.Ordinal) ? throw new NpgsqlException("its own time-out", new TimeoutException()) : notes;
        await StartAsync(new JobOptions { Backoff = TimeSpan.FromMinutes(1) });

        await RunAsync(Message("a", "bad", "b"));

        Assert.Equal(["a succeeded 1 ", "bad queued 1 attempt-failed", "b succeeded 1 "], await EndsAsync());
        Assert.Equal([3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1], _type.Writes);
    }

    [Fact]
    public async Task Fetch_ThatFailsAsByAnOutageAgain_IsTriedForEachAndOnlyTheJobThatIsToBlameWaits()
    {
        _type.Fetch = notes => _ = notes.Contains("bad", StringComparer.Ordinal) ? throw new NpgsqlException("its own time-out", new TimeoutException()) : notes;
        await StartAsync();
        await RunAsync(Message("a", "bad", "b"));
        await Sql.ExecuteAsync("update slowlane.job set due_at = now()");

        await RunAsync(await NextAsync());

        Assert.Equal(["a succeeded 1 ", "bad queued 0 ", "b succeeded 1 "], await EndsAsync());
        Assert.Equal([3, 3, 1, 1, 1], _type.Fetches);
    }

    [Fact]
    public async Task Write_ThatIgnoresItsToken_IsLeftToItselfAndItsTransactionDecides()
    {
        using var over = new CancellationTokenSource();
        using var type = new ScriptedJob(_ => "done") { Write = (_, _) => Task.Delay(Timeout.InfiniteTimeSpan, over.Token) };
        _app = await SlowlaneApp.StartFrontWithAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["Slowlane__LeaseSeconds"] = "1" }, services => type.Register(services, new JobOptions { TimeLimit = TimeSpan.FromSeconds(1) }));

        await RunAsync(Message("a"));

        Assert.Equal(["a failed 1 time-limit"], await EndsAsync());
        Assert.Equal(1, _app.Services.GetRequiredService<ComputeLanes>().Abandoned);
        await over.CancelAsync();
    }

    [Theory]
    [InlineData("no\0way", "no\ufffdway")]
    [InlineData(null, "attempt-failed")]
    public async Task Error_WhoseCodeCannotBeStored_IsRecordedAllTheSame(string? code, string stored)
    {
        _type.Compute = (_, _) => throw new JobException(code!, "No way.", "There is no way.");
        await StartAsync(new JobOptions { Backoff = TimeSpan.FromMinutes(1) });

        await RunAsync(Message("a"));

        Assert.Equal(stored, await Sql.QueryAsync<string>("select error_type from slowlane.job"));
    }

    [Fact]
    public async Task Retry_WhoseMessageCannotBeSent_IsSentOnceStorageAnswers()
    {
        using var transport = new BlockingTransport();
        _type.Compute = (_, _) => throw new InvalidOperationException("secret");
        _app = await SlowlaneApp.StartFrontAsync(services: services =>
        {
            _type.Register(services, new JobOptions { Backoff = TimeSpan.Zero, MaxBackoff = TimeSpan.Zero });
            services.AddSingleton(provider => new JobQueue(provider.GetRequiredService<SlowlaneOptions>(), transport));
        });
        await Queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        var run = RunAsync(Message("a"));
        await transport.BlockedAsync(Cancellation);
        while (transport.Sent < 5) // More than the client tries by itself.
        {
            transport.Fail(new Azure.RequestFailedException("refused"));
            await transport.BlockedAsync(Cancellation);
        }

        transport.Open();
        await run;

        Assert.Equal(["a queued 1 attempt-failed"], await EndsAsync());
        Assert.Equal(1, (await Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Worker_ThatStopsWhileTheJobsOfABatchAreTriedOneByOne_HandsBackUnchargedAlsoThoseThatHaveNotBegun()
    {
        using var stopping = new CancellationTokenSource();
        _type.Fetch = notes => _ = notes.Count > 1 ? throw new InvalidOperationException("not together") : notes;
        _type.Compute = (note, context) =>
        {
            if (note is "second")
            {
                stopping.Cancel();
                ScriptedJob.UntilStopped(context);
            }
        };
        await StartAsync();

        await RunAsync(Message("first", "second", "third", "fourth"), stopping.Token);

        Assert.Equal(["first succeeded 1 ", "second queued 0 ", "third queued 0 ", "fourth queued 0 "], await EndsAsync());
        Assert.Equal(["first", "second"], _type.Turns.ToArray());
    }

    [Fact]
    public async Task Claim_ThatFailsHalfWay_RunsWhatItTookAndTheMessageFinishesTheRestWhenItComesAgain()
    {
        await StartAsync();
        var message = Message("a", "waiting", "b");
        var cancelled = Assert.IsType<JobMessage.Several>(JobMessage.Read(MessageText.Of(message))).Jobs[1];
        await _app!.Services.GetRequiredService<ControlStore>().CancelAsync(cancelled.Id, type: null, mayWait: true, Cancellation);
        await Sql.ExecuteAsync("""create unique index job_failed_says on slowlane.job ((true)) where input like '%"a"%' or input like '%"waiting"%'"""); // The claim's second statement.

        await Assert.ThrowsAsync<PostgresException>(() => RunAsync(message));

        Assert.Equal(["a", "b"], await WrittenAsync());
        await Sql.ExecuteAsync("drop index slowlane.job_failed_says");
        await RunAsync(message);
        Assert.Equal(["a succeeded 1 ", "waiting cancelled 0 ", "b succeeded 1 "], await EndsAsync());
        Assert.Equal(["a", "b"], _type.Turns.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Outcome_OfOneJobOfABatchThatCannotBeRecorded_KeepsNoOtherFromItsEndAndComesAgain(bool together)
    {
        _type.Fetch = notes => _ = together || notes.Count == 1 ? notes : throw new InvalidOperationException("not together");
        _type.Compute = (note, context) => _ = note switch
        {
            "wrong" or "bad" => throw new JobException("no-way", "No way.", "There is no way."),
            "unlucky" => throw new InvalidOperationException("secret"),
            _ => note,
        };
        await StartAsync(new JobOptions { Backoff = TimeSpan.FromMinutes(1) });
        using var figures = new MetricCollector(_app!);
        await RefuseAsync("status = 'failed' and input like '%bad%'");
        var message = Message("bad", "wrong", "unlucky", "fine");

        await Assert.ThrowsAsync<PostgresException>(() => RunAsync(message));

        Assert.Equal(["bad running 1 ", "wrong failed 1 no-way", "unlucky queued 1 attempt-failed", "fine succeeded 1 "], await EndsAsync());
        await AllowAsync();
        await Sql.ExecuteAsync("update slowlane.job set lease_until = now() where status = 'running'");
        await RunAsync(message);
        Assert.Equal(["bad failed 1 no-way", "wrong failed 1 no-way", "unlucky queued 1 attempt-failed", "fine succeeded 1 "], await EndsAsync());
        Assert.Equal(["fine"], await WrittenAsync());
        Assert.Equal([1, 1], figures.Of("slowlane.attempts slowlane.job.type=scripted slowlane.job.outcome=failed")); // Each once recorded, and not before.
    }

    [Fact]
    public async Task Outcomes_OfSeveralJobsThatCannotBeRecorded_AreAllThrown()
    {
        _type.Compute = (note, _) => throw new JobException("no-way", "No way.", note);
        await StartAsync();
        await RefuseAsync("status = 'failed' and input not like '%wrong%'");

        var thrown = await Assert.ThrowsAsync<AggregateException>(() => RunAsync(Message("bad", "wrong", "unlucky")));

        Assert.Equal(2, thrown.InnerExceptions.OfType<PostgresException>().Count());
        Assert.Equal(["bad running 1 ", "wrong failed 1 no-way", "unlucky running 1 "], await EndsAsync());
    }

    [Fact]
    public async Task Outage_ThatIsWaitedOutWhileOneJobIsWritten_IsNotItsTime()
    {
        var time = new TestTime();
        _type.Write = _ =>
        {
            time.Advance(TimeSpan.FromMinutes(40));
            if (_type.Writes.Count < 3)
            {
                throw new NpgsqlException("gone", new IOException());
            }
        };
        await StartAsync(time, TimeSpan.FromHours(1));

        await PassingAsync(time, RunAsync(Message("a")));

        Assert.Equal(["a succeeded 1 "], await EndsAsync());
        Assert.Equal([1, 1, 1], _type.Writes);
    }

    [Theory]
    [InlineData("fetch")]
    [InlineData("compute")]
    [InlineData("write")]
    public async Task Step_ThatTakesLongerThanItsLimit_FailsTheJobAndNoOtherStepsTimeCounts(string slow)
    {
        var time = new TestTime();
        void Pass(string step) => time.Advance(TimeSpan.FromMinutes(step.Equals(slow, StringComparison.Ordinal) ? 61 : 59));
        (_type.Fetch, _type.Compute, _type.Write) = (_ => Pass("fetch"), (_, _) => Pass("compute"), _ => Pass("write"));
        await StartAsync(time, TimeSpan.FromHours(1));

        await RunAsync(Message("a"));

        Assert.Equal(["a failed 1 time-limit"], await EndsAsync());
        Assert.Equal(slow is "fetch" ? 0 : 1, _type.Turns.Count);
        Assert.Equal(slow is "write" ? 1 : 0, _type.Writes.Count);
    }

    [Fact]
    public async Task Write_ThatFailsForOneJob_IsNotTakenForItsTimeLimitHoweverLongTheOthersWritesTake()
    {
        var time = new TestTime();
        _type.Write = notes =>
        {
            if (notes.Contains("bad", StringComparer.Ordinal))
            {
                throw new InvalidOperationException("secret");
            }

            time.Advance(TimeSpan.FromMinutes(40));
        };
        await StartAsync(time, TimeSpan.FromHours(1));

        await RunAsync(Message("bad", "a", "b"));

        Assert.Equal(["a succeeded 1 ", "bad queued 1 attempt-failed", "b succeeded 1 "], await EndsAsync());
        Assert.Equal([3, 1, 1, 1], _type.Writes);
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('\ud83d')] // Half of a character: the text was cut in its middle.
    public async Task Failure_WhoseTextCannotBeStored_IsRecordedWithoutWhatCannot(char unstorable)
    {
        _type.Compute = (note, _) => throw new JobException("no-way", $"No{unstorable}way.", $"There is {unstorable}no way.") { IsTransient = note is "unlucky" };
        await StartAsync(new JobOptions { Backoff = TimeSpan.FromMinutes(1) });

        await RunAsync(Message("wrong", "unlucky"));

        Assert.Equal(["wrong failed 1 no-way", "unlucky queued 1 no-way"], await EndsAsync());
        Assert.Equal(2, await Sql.QueryAsync<long>("select count(*) from slowlane.job where error_title = 'No\ufffdway.' and error_detail = 'There is \ufffdno way.'"));
    }

    [Fact]
    public async Task Set_OfATypeThatCoalescesNoMore_RunsEachJobByItself()
    {
        using var plain = new ScriptedJob(_ => "done");
        _app = await SlowlaneApp.StartFrontAsync(services: services => plain.Register(services));

        await RunAsync(Message("a", "b"));

        Assert.Equal(["a succeeded 1 ", "b succeeded 1 "], await EndsAsync());
    }

    private TestDatabase Sql => _app!.Database;

    private QueueClient Queue => new(_app!.Storage, JobQueue.Name);

    private async Task StartAsync(JobOptions? options = null)
    {
        _app = await SlowlaneApp.StartFrontAsync(services: services => _type.Register(services, options));
        await Queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
    }

    private async Task StartAsync(TimeProvider time, TimeSpan limit)
    {
        _app = await SlowlaneApp.StartFrontAsync(services: services =>
        {
            _type.Register(services, new JobOptions { TimeLimit = limit, Backoff = TimeSpan.FromMinutes(1) });
            services.AddSingleton(time);
        });
        await Queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
    }

    /// <summary>Lets the time of a run pass by the longest wait between two tries.</summary>
    private static async Task PassingAsync(TestTime time, Task run)
    {
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            await Task.WhenAny(run, Task.Delay(50, Cancellation)); // No faster: a write that has begun takes real time, and is limited in the time that passes here.
        }

        await run;
    }

    /// <summary>The next message, once it is visible.</summary>
    private async Task<string> NextAsync()
        => (await Eventually.SeesAsync(async () => (await Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value, message => message is not null, "a message"))!.Body.ToString();

    /// <summary>Has a constraint of the engine's refuse rows of jobs: a fault that no waiting heals.</summary>
    private async Task RefuseAsync(string rows)
    {
        await _app!.Services.GetRequiredService<Database>().ReadyAsync(Cancellation);
        await Sql.ExecuteAsync($"alter table slowlane.job drop constraint job_failed_says, add constraint job_failed_says check (not ({rows}))");
    }

    private Task AllowAsync() => Sql.ExecuteAsync("alter table slowlane.job drop constraint job_failed_says");

    private Task RunAsync(string message, CancellationToken? stopping = null)
        => _app!.Services.GetRequiredService<JobRunner>().RunAsync(message, null!, stopping ?? Cancellation);

    private static string Message(params string[] notes)
    {
        var tag = new BatchJobHandler<ScriptedSetJob, string, string, Slowlane.Samples.Spin.SpinResult>("scripted").Tag;
        var jobs = notes.Select(note => new AcceptedJob(JobId.New(TimeProvider.System, tag), System.Text.Encoding.UTF8.GetBytes($$"""{"note":"{{note}}"}"""), null)).ToList();
        return Convert.ToBase64String(SharedMessage.Write("scripted", jobs));
    }

    /// <summary>Each job's note, status, attempts and error, in the order of the message.</summary>
    private async Task<string[]> EndsAsync() => await Sql.QueryAsync<string[]>(
        "select array_agg((input::json ->> 'note') || ' ' || status || ' ' || attempt || ' ' || coalesce(error_type, '') order by ordinal) from (select *, array_position(array['first', 'a', 'good', 'running', 'bad', 'wrong', 'second', 'deaf', 'unlucky', 'waiting', 'third', 'slow', 'b', 'fourth', 'fine', 'last'], input::json ->> 'note') as ordinal from slowlane.job) as job");

    private async Task<string[]> WrittenAsync() => await Sql.QueryAsync<string[]>("select array_agg(batch order by batch) from result");

    private async Task<List<JobId>> JobsAsync(string condition)
        => [.. (await Sql.QueryAsync<Guid[]>($"select array_agg(id) from slowlane.job where {condition}")).Select(JobId.FromRow)];
}
