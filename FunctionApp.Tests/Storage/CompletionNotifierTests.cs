using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Http;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

/// <summary>Callers wait by a clock that stands still unless a test moves it: what wakes them is not the time.</summary>
public sealed class CompletionNotifierTests : IAsyncLifetime
{
    private const string Listeners = "select count(*) from pg_stat_activity where datname = current_database() and query like '%listen slowlane_finished'";

    private readonly TestTime _time = new();
    private TestStores _stores = null!;
    private CompletionNotifier _notifier = null!;
    private JobLookup _jobs = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await TestStores.CreateAsync();
        await _stores.Ready.ReadyAsync(Cancellation);
        _notifier = new CompletionNotifier(_stores.Options, TimeProvider.System, NullLogger<CompletionNotifier>.Instance) { Idle = TimeSpan.FromSeconds(1) };
        var durations = new TypicalDurations(_stores.Ready, new JobRegistry([]), _time, NullLogger<TypicalDurations>.Instance);
        _jobs = new JobLookup(_stores.Jobs, _notifier, durations, _stores.Options, _time);
    }

    public ValueTask DisposeAsync()
    {
        _notifier.Dispose();
        return _stores.DisposeAsync();
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task Caller_WhoWaits_IsWokenByTheEndItself(string end)
    {
        var job = await _stores.ClaimNewAsync();
        var waiting = WaitAsync(job.Id);
        await Eventually.HoldsAsync(() => _notifier.Listening);

        await FinishAsync(job.Id, end);

        Assert.Equal(end, (await waiting).Row?.Status.Name());
        Assert.Equal(0, _notifier.Waiting);
    }

    [Fact]
    public async Task Caller_WhoseJobEndsWithoutEverRunning_IsWoken()
    {
        var id = NewId();
        var waiting = WaitAsync(id);
        await Eventually.HoldsAsync(() => _notifier.Listening);

        await _stores.Sql.ExecuteAsync($"insert into slowlane.job (id, type, status, attempt, max_attempts, fence, created_at, finished_at) values ('{id.Value}', 'spin', 'cancelled', 0, 1, 1, now(), now())");

        Assert.Equal(JobStatus.Cancelled, (await waiting).Row?.Status);
    }

    [Fact]
    public async Task Caller_WhoseSignalIsLost_LooksByItself()
    {
        var job = await _stores.ClaimNewAsync();
        await _stores.Sql.ExecuteAsync("alter table slowlane.job disable trigger user");
        var waiting = WaitAsync(job.Id);
        await Eventually.HoldsAsync(() => _notifier.Listening);
        await FinishAsync(job.Id);

        await Eventually.HoldsAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return waiting.IsCompleted;
        });

        Assert.Equal(JobStatus.Failed, (await waiting).Row?.Status);
        Assert.True(_time.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) < TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task Connection_ThatIsCut_IsReplacedAndNoEndGoesUnnoticed()
    {
        var (one, two) = (await _stores.ClaimNewAsync(), await _stores.ClaimNewAsync());
        var (waiting, longer) = (WaitAsync(one.Id), WaitAsync(two.Id));
        await Eventually.HoldsAsync(() => _notifier.Listening);

        await _stores.Sql.ExecuteAsync($"select pg_terminate_backend(pid) from ({Listeners.Replace("count(*)", "pid", StringComparison.Ordinal)}) as listener");
        await Eventually.HoldsAsync(() => !_notifier.Listening);
        await FinishAsync(one.Id);

        await waiting; // The next connection has everybody look again, as the end of the last one had.
        await Eventually.HoldsAsync(() => _notifier.Listening);
        await FinishAsync(two.Id);
        await longer;
    }

    [Fact]
    public async Task Connection_IsOneForAllAndClosedWhenNobodyWaits()
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var id = NewId();
        var callers = Enumerable.Range(0, 50).Select(i => _jobs.WaitAsync(i % 2 == 0 ? id : NewId(), TimeSpan.FromMinutes(1), hangUp.Token)).ToList();
        await Eventually.HoldsAsync(() => _notifier.Listening);
        Assert.Equal((50, 1L), (_notifier.Waiting, await _stores.Sql.QueryAsync<long>(Listeners)));

        await hangUp.CancelAsync();

        await Task.WhenAll(callers.Select(async caller => await Record.ExceptionAsync(() => caller)));
        Assert.All(callers, caller => Assert.True(caller.IsCanceled || caller.Result.Presence == JobPresence.Waiting)); // By whether it had looked once.
        Assert.Equal(0, _notifier.Waiting);
        await Eventually.HoldsAsync(() => !_notifier.Listening);
        await Eventually.SeesAsync(() => _stores.Sql.QueryAsync<long>(Listeners), listeners => listeners == 0);
    }

    [Fact]
    public async Task End_ThatNobodyWaitsFor_SendsNoSignal()
    {
        var (unheard, heard) = (await _stores.ClaimNewAsync(), await _stores.ClaimNewAsync());
        await using var connection = await _stores.Sql.Source.OpenConnectionAsync(Cancellation);
        var signals = new List<string>();
        connection.Notification += (_, signal) => signals.Add(signal.Payload);
        await ExecuteAsync(connection, "listen slowlane_finished");

        await FinishAsync(unheard.Id);
        var waiting = WaitAsync(heard.Id);
        await Eventually.HoldsAsync(() => _notifier.Listening);
        await FinishAsync(heard.Id);
        await waiting;

        await ExecuteAsync(connection, "select 1"); // Takes in what was sent.
        Assert.Equal([heard.Id.Value.ToString()], signals, StringComparer.Ordinal);
    }

    private Task<(JobPresence Presence, JobRow? Row)> WaitAsync(JobId id)
        => _jobs.WaitAsync(id, TimeSpan.FromMinutes(1), Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

    /// <summary>Of a job that is only a message.</summary>
    private JobId NewId() => JobId.New(_time, TestStores.Spin.Tag);

    private Task FinishAsync(JobId id, string status = "failed")
        => _stores.Sql.ExecuteAsync($"update slowlane.job set status = '{status}', lease_until = null, finished_at = now(), error_type = 'x', error_title = 'x', error_detail = 'x' where id = '{id.Value}'");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // A constant.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
