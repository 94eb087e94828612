using Slowlane.Tests.Fixtures;
using Xunit;
using static Slowlane.Tests.Faults.EnvironmentSteps;

namespace Slowlane.Tests.Faults;

/// <summary>Tables of Slowlane's that somebody has altered or locked: what is wrong is told, jobs wait uncharged, and nobody has to start the app again.</summary>
public sealed class AlteredTablesTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("alter column attempt type bigint", "alter table slowlane.job alter column attempt type int4 using attempt::int4;")]
    [InlineData("rename column sends to sent", "alter table slowlane.job rename column sent to \"sends\";")]
    public async Task Job_WhoseTableIsAlteredWhileTheAppRuns_WaitsUnchargedUntilItIsAsBefore(string change, string remedy)
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync("alter table slowlane.job " + change);
        var location = await app.SubmitAsync("spin", SpinAgain);

        var reason = await ReasonAsync(app);

        Assert.EndsWith(remedy, reason, StringComparison.Ordinal);
        await _database.ExecuteAsync(remedy);
        await SucceedsUnchargedAsync(app, location);
    }

    [Theory]
    [InlineData("alter table slowlane.profile_column rename column details to detailz", "alter table slowlane.profile_column rename column detailz to \"details\";")]
    [InlineData("drop table slowlane.profile_column, slowlane.profile", "delete from slowlane.migration where name in ('0002_profile', 'profile_2_grants', 'profile_3_row_security', 'profile_4_where', 'profile_5_sample', 'profile_6_other_columns', 'profile_7_baseline');")]
    public async Task Job_WhoseTypesTableIsAlteredWhileTheAppRuns_WaitsUnchargedUntilItIsAsBefore(string change, string remedy)
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("profile", """{"rows":[{"n":1}]}"""));
        await _database.ExecuteAsync(change);
        var location = await app.SubmitAsync("profile", """{"rows":[{"n":2}]}""");

        var reason = await ReasonAsync(app);

        Assert.Contains(remedy, reason, StringComparison.Ordinal);
        await _database.ExecuteAsync(remedy);
        await SucceedsUnchargedAsync(app, location);
    }

    [Theory]
    [InlineData("slowlane.migration")]
    [InlineData("slowlane.job")]
    public async Task Job_WhoseTableIsLockedWhole_WaitsUnchargedAndHealthNamesTheSessionThatLocksIt(string table)
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await using var locker = await OpenTransaction.BeginAsync(_database, $"lock table {table}");
        var location = await app.SubmitAsync("spin", SpinAgain);

        var reason = await ReasonAsync(app);

        Assert.Equal($"Another session has locked the table {table} (process {locker.ProcessId}). If it alters the table, wait for it. If it does not, run: select pg_terminate_backend({locker.ProcessId});", reason);
        await _database.ExecuteAsync($"select pg_terminate_backend({locker.ProcessId})");
        await SucceedsUnchargedAsync(app, location);
    }

    [Theory]
    [InlineData("create index job_by_input on slowlane.job (input)", "index row ", "drop index slowlane.job_by_input")]
    [InlineData("create function drop_some() returns trigger language plpgsql as $$ begin return case when new.type <> 'profile' then new end; end $$; create trigger partly before insert on slowlane.job for each row execute function drop_some()", "a trigger or a rule that is not Slowlane's drops their rows", "drop trigger partly on slowlane.job")]
    [InlineData("create function drop_some() returns trigger language plpgsql as $$ begin return case when new.status <> 'succeeded' or new.type <> 'profile' then new end; end $$; create trigger partly before update on slowlane.job for each row execute function drop_some()", "", "drop trigger partly on slowlane.job")]
    public async Task Jobs_ThatTheDatabaseRefusesForTheirOwnRows_WaitUnchargedAndKeepNoLane(string change, string said, string undo)
    {
        await using var app = await StartAsync(_database.ConnectionString, services: null, KeyValuePair.Create("Slowlane__Lanes", "1"));
        await app.SweepAsync(); // Makes the schema.
        await _database.ExecuteAsync(change);
        var random = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(15_000)); // Text that can't be compressed.
        var refused = await app.SubmitAsync("profile", $$"""{"rows":[{"n":"{{random}}"}]}""");

        await Eventually.HoldsAsync(() => said.Length > 0
            ? LinesOf(app).With("The database refuses 1 jobs (profile): " + said).Count > 0
            : LinesOf(app).With("the attempt failed (number 1): a trigger or a rule that is not Slowlane's drops their rows").Count > 0);

        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", SpinAgain));
        await _database.ExecuteAsync(undo);
        await SucceedsUnchargedAsync(app, refused);
    }

    [Theory]
    [InlineData("alter table slowlane.job alter column sends drop default, alter column outages drop default, alter column lost_leases drop default", "23502: null value in column \"lost_leases\" of relation \"job\" violates not-null constraint", "alter table slowlane.job alter column sends set default 0, alter column outages set default 0, alter column lost_leases set default 0")]
    [InlineData("create index bad on slowlane.job ((case when status = 'running' then 1 / (attempt - 1) end))", "22012: division by zero", "drop index slowlane.bad")]
    public async Task Job_WhoseTablesDoNotTakeItsRows_WaitsUnchargedUntilTheyDo(string change, string said, string undo)
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await app.SweepAsync(); // Makes the schema.
        await _database.ExecuteAsync(change);
        var location = await app.SubmitAsync("spin", Spin);

        var reason = await ReasonAsync(app);

        Assert.Equal($"Reading works, writing does not: the tables of the schema slowlane do not take the rows of a job ({said}). Undo what was changed in the schema.", reason);
        await _database.ExecuteAsync(undo);
        await SucceedsUnchargedAsync(app, location);
    }

    [Fact]
    public async Task Job_WhoseTriggerFunctionIsReplacedByOneThatFails_WaitsUnchargedUntilItIsAsBefore()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        var function = await _database.QueryAsync<string>("select pg_get_functiondef('slowlane.signal_finished'::regproc)");
        await _database.ExecuteAsync("create or replace function slowlane.signal_finished() returns trigger language plpgsql as $$ begin raise exception 'not today'; end $$");
        var location = await app.SubmitAsync("spin", SpinAgain);

        var reason = await ReasonAsync(app);

        Assert.Contains("do not take the rows of a job (P0001: not today)", reason, StringComparison.Ordinal);
        await _database.ExecuteAsync(function);
        await SucceedsUnchargedAsync(app, location);
    }
}
