using Slowlane.Tests.Fixtures;
using Xunit;
using static Slowlane.Tests.Faults.EnvironmentSteps;

namespace Slowlane.Tests.Faults;

/// <summary>Triggers, rules, constraints and indexes of others on Slowlane's tables: what keeps rows out is told, and jobs wait uncharged.</summary>
public sealed class ForeignRuleTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("before update on slowlane.job", "P0001")]
    [InlineData("after insert on slowlane.job", "23505")]
    [InlineData("before insert on slowlane.result", "22012")]
    [InlineData("before update on slowlane.job", "42501")]
    [InlineData("after update on slowlane.job", "P0001")] // After the rows that the statement returns.
    public async Task Job_WhoseTablesHaveATriggerThatRaisesAnError_WaitsUnchargedUntilTheTriggerIsDisabled(string when, string code)
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync($"create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not today' using errcode = '{code}'; end $$; create trigger \"Refusal\" {when} for each row execute function refuse()");
        var location = await app.SubmitAsync("spin", SpinAgain);

        var reason = await ReasonAsync(app);

        await Eventually.HoldsAsync(() => LinesOf(app).With("The database can't be used").Count > 5); // More tries than a write has that may be to blame itself.
        var table = when.Split(' ')[^1];
        Assert.Equal($"Reading works, writing does not: the trigger \"Refusal\" on {table}, which is not Slowlane's, raises an error ({code}: not today). Correct its function public.refuse, or run as the owner of the table: alter table {table} disable trigger \"Refusal\";", reason);
        await _database.ExecuteAsync(reason[reason.IndexOf("alter table", StringComparison.Ordinal)..]);
        await SucceedsUnchargedAsync(app, location);
        Assert.Equal("", await app.DatabaseReasonAsync());
    }

    [Theory]
    [InlineData("alter table slowlane.result add constraint \"Mine\" check (false) not valid", "the constraint \"Mine\" on slowlane.result, which is not Slowlane's, refuses a row (23514: new row for relation \"result\" violates check constraint \"Mine\"). Run as the owner of the table: alter table slowlane.result drop constraint \"Mine\";")]
    [InlineData("alter table slowlane.job add constraint idle check (worker is null)", "the constraint idle on slowlane.job, which is not Slowlane's, refuses a row (23514: new row for relation \"job\" violates check constraint \"idle\"). Run as the owner of the table: alter table slowlane.job drop constraint idle;")]
    [InlineData("create function drop_row() returns trigger language plpgsql as $$ begin return null; end $$; create trigger gone before insert on slowlane.result for each row execute function drop_row()", "the trigger gone on slowlane.result, which is not Slowlane's, drops rows. Correct its function public.drop_row, or run as the owner of the table: alter table slowlane.result disable trigger gone;")]
    [InlineData("create function drop_row() returns trigger language plpgsql as $$ begin return null; end $$; create trigger gone before insert on slowlane.job for each row execute function drop_row()", "the trigger gone on slowlane.job, which is not Slowlane's, drops rows. Correct its function public.drop_row, or run as the owner of the table: alter table slowlane.job disable trigger gone;")]
    [InlineData("create function drop_row() returns trigger language plpgsql as $$ begin return null; end $$; create trigger gone before update on slowlane.job for each row execute function drop_row()", "the trigger gone on slowlane.job, which is not Slowlane's, drops rows. Correct its function public.drop_row, or run as the owner of the table: alter table slowlane.job disable trigger gone;")]
    [InlineData("create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not today'; end $$; create constraint trigger late after insert or update on slowlane.job deferrable initially deferred for each row execute function refuse()", "the trigger late on slowlane.job, which is not Slowlane's, raises an error (P0001: not today). Correct its function public.refuse, or run as the owner of the table: alter table slowlane.job disable trigger late;")]
    [InlineData("create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not today'; end $$; create constraint trigger late after insert on slowlane.result deferrable initially deferred for each row execute function refuse()", "the trigger late on slowlane.result, which is not Slowlane's, raises an error (P0001: not today). Correct its function public.refuse, or run as the owner of the table: alter table slowlane.result disable trigger late;")]
    [InlineData("create rule nothing as on insert to slowlane.result do instead nothing", "the rule nothing on slowlane.result, which is not Slowlane's, drops rows. Run as the owner of the table: drop rule nothing on slowlane.result;")]
    public async Task Job_WhoseTablesHaveARuleOfOthersThatKeepsRowsOut_WaitsUnchargedUntilTheRuleIsGone(string rule, string said)
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync(rule);
        var location = await app.SubmitAsync("spin", SpinAgain);

        var reason = await ReasonAsync(app);

        Assert.Equal("Reading works, writing does not: " + said, reason);
        await Eventually.HoldsAsync(() => LinesOf(app).With("The database can't be used").Count > 5); // More tries than a write has that may be to blame itself.
        await _database.ExecuteAsync(reason[(reason.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]);
        await SucceedsUnchargedAsync(app, location);
        Assert.Equal("", await app.DatabaseReasonAsync());
    }

    [Fact]
    public async Task Health_OfATableWithARuleThatDropsRows_NamesTheRuleUntilItIsGone()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await app.SweepAsync(); // Makes the schema.
        await _database.ExecuteAsync("create rule nothing as on insert to slowlane.result do instead nothing");

        var reason = "";
        for (var time = 0; time < 12; time++) // Npgsql prepares a statement at its fifth use in a session.
        {
            reason = await app.DatabaseReasonAsync();
            Assert.Equal("Reading works, writing does not: the rule nothing on slowlane.result, which is not Slowlane's, drops rows. Run as the owner of the table: drop rule nothing on slowlane.result;", reason);
        }

        await _database.ExecuteAsync(reason[reason.IndexOf("drop rule", StringComparison.Ordinal)..]);
        Assert.Equal("", await app.DatabaseReasonAsync());
    }

    [Fact]
    public async Task Health_OfTablesWithATriggerThatKeepsABook_IsGoodAndLeavesNothingInTheBook()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await app.SweepAsync(); // Makes the schema.
        await _database.ExecuteAsync("create table book (id uuid); create function book() returns trigger language plpgsql as $$ begin insert into book values (new.id); return null; end $$; create trigger book after insert or update on slowlane.job for each row execute function book()");

        Assert.Equal("", await app.DatabaseReasonAsync());

        Assert.Equal(0, await _database.QueryAsync<long>("select count(*) from book"));
    }
}
