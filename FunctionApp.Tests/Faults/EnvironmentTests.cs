using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using Slowlane.Tests.Fixtures;
using Xunit;
using static Slowlane.Tests.Faults.EnvironmentSteps;

namespace Slowlane.Tests.Faults;

/// <summary>Databases that answer and can't be used: what is wrong is told, jobs wait uncharged, and nobody has to start the app again.</summary>
public sealed class EnvironmentTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Job_OfAnAppThatMayNotSetUpItsSchema_WaitsUnchargedUntilTheRightIsGranted()
    {
        await using var user = await PlainUser.CreateAsync(_database);
        await _database.ExecuteAsync($"grant create on schema public to {user.Name}");
        await using var app = await StartAsync(user.ConnectionString);
        var location = await app.SubmitAsync("spin", Spin);

        var reason = await ReasonAsync(app);

        await Eventually.HoldsAsync(() => LinesOf(app).With("The database can't be used").Count > 2); // One delivery waits, and is not refused and delivered again.
        Assert.Contains($"Run as an administrator: grant create on database {_database.Name} to {user.Name};", reason, StringComparison.Ordinal);
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {user.Name}");
        await SucceedsUnchargedAsync(app, location);
    }

    [Fact]
    public async Task Jobs_AfterTheDatabaseWasReplacedByAnEmptyOne_RunInItAlsoUnderAKeyOfBefore()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        var first = await SubmitAsync(app, "a key of the caller's");
        await SucceedsUnchargedAsync(app, first);

        await _database.ReplaceAsync();
        var second = await SubmitAsync(app, "a key of the caller's");

        Assert.Equal(first, second);
        await SucceedsUnchargedAsync(app, second);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", SpinAgain));
    }

    [Fact]
    public async Task Job_OfADatabaseThatIsReplacedWhileItRuns_StartsAnewInTheNewOne()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await app.SweepAsync(); // Makes the schema.
        var location = await app.SubmitAsync("spin", """{"id":1,"batch":"b","job":1,"spin_ms":1500}""");
        await Eventually.HoldsAsync(async () => await _database.QueryAsync<long>("select count(*) from slowlane.job where progress > 0") == 1);

        await _database.ReplaceAsync();

        await SucceedsUnchargedAsync(app, location);
    }

    [Theory]
    [InlineData("database {1}")]
    [InlineData("role {0}")]
    [InlineData("role {0} in database {1}")]
    public async Task Job_OfADatabaseThatIsReadOnly_WaitsUnchargedAndHealthSaysThatReadingWorks(string scope)
    {
        await using var user = await PlainUser.CreateAsync(_database);
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {user.Name}; grant create on schema public to {user.Name}");
        await using var app = await StartAsync(user.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync($"alter {string.Format(null, scope, user.Name, _database.Name)} set default_transaction_read_only = on; select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'slowlane%'");
        var location = await app.SubmitAsync("spin", SpinAgain);

        var reason = await ReasonAsync(app);

        Assert.StartsWith("Reading works, writing does not: the server's transactions are read only.", reason, StringComparison.Ordinal);
        var remedy = reason[reason.IndexOf("begin read write;", StringComparison.Ordinal)..];
        Assert.Equal($"begin read write; alter role {user.Name} in database {_database.Name} set default_transaction_read_only = off; commit;", remedy);
        _database.Source.Clear(); // Sessions from before are not read only.
        await _database.ExecuteAsync(remedy);
        await SucceedsUnchargedAsync(app, location);
        await _database.ExecuteAsync($"begin read write; alter {string.Format(null, scope, user.Name, _database.Name)} reset default_transaction_read_only; commit;");
        _database.Source.Clear(); // Sessions from before are.
    }

    [Fact]
    public async Task Sessions_ThatTheServerEndsWhileTheyAreIdle_CostNoAnswerAndNoAttempt()
    {
        await _database.ExecuteAsync($"alter database {_database.Name} set idle_session_timeout = '300ms'");
        await using var app = await StartAsync(_database.ConnectionString);
        for (var job = 1; job <= 3; job++)
        {
            await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", $$"""{"id":{{job}},"batch":"b{{job}}","job":1,"spin_ms":1}"""));
            await SessionsEndAsync();
            Assert.Equal("", await app.DatabaseReasonAsync());
            await SessionsEndAsync();
            using var list = await app.GetAsync("/api/jobs");
            Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        }
    }

    [Fact]
    public async Task Profile_OnceALimitIsRaised_RunsUnderTheNewOne()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync("create view slow as select pg_sleep(2)::text as x; grant select on slow to slowlane_job");
        await _database.ExecuteAsync($"alter database {_database.Name} set statement_timeout = '1s'; select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name like 'slowlane%'");
        var location = await app.SubmitAsync("profile", """{"table":"slow"}""");
        await Eventually.HoldsAsync(async () => await _database.QueryAsync<long>("select count(*) from slowlane.job where type = 'profile' and error_type = 'reading-stopped'") == 1);

        await _database.ExecuteAsync($"alter database {_database.Name} reset statement_timeout");

        Assert.Equal("succeeded", (await app.FinishedAsync(location)).GetProperty("status").GetString());
    }

    // A limit of a millisecond stops some statements and lets others pass, so the sessions stay.
    [Fact]
    public async Task Jobs_OnceALimitOfTheEnginesStatementsIsRaised_RunUncharged()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync($"alter database {_database.Name} set statement_timeout = '1ms'; select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name like 'slowlane%'");
        var first = await app.SubmitAsync("spin", SpinAgain);
        var second = await app.SubmitAsync("spin", """{"id":3,"batch":"b3","job":1,"spin_ms":1}""");
        await ReasonAsync(app);

        await _database.ExecuteAsync($"set statement_timeout = 0; alter database {_database.Name} reset statement_timeout");

        await SucceedsUnchargedAsync(app, first);
        await SucceedsUnchargedAsync(app, second);
    }

    [Fact]
    public async Task Sessions_ThatAnAdministratorEnds_CostNoAnswer()
    {
        await using var app = await StartAsync(_database.ConnectionString);
        var location = await app.SubmitAsync("spin", Spin);
        await SucceedsUnchargedAsync(app, location);

        await _database.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name like 'slowlane%'");
        Assert.Equal("", await app.DatabaseReasonAsync());
        await _database.ExecuteAsync("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name like 'slowlane%'");
        using var look = await app.GetAsync(location);

        Assert.Equal(HttpStatusCode.OK, look.StatusCode);
    }

    [Theory]
    [InlineData("revoke slowlane_job from {0}", "Run as an administrator: grant slowlane_job to {0};", "grant slowlane_job to {0}")]
    [InlineData("alter role {0} set search_path = ''", "no schema of the search path exists", "alter role {0} reset search_path")]
    [InlineData("alter role {0} set role = slowlane_job", "The app's sessions begin as slowlane_job, the role of jobs' SQL", "alter role {0} reset role")]
    [InlineData("revoke usage on schema public from public; grant usage on schema public to {0}", "may not use the schema public of the search path. Run as its owner: grant usage on schema public to slowlane_job;", "grant usage on schema public to slowlane_job")]
    public async Task Job_OfAnAppThatLosesWhatJobsNeed_WaitsUnchargedUntilItIsGivenBack(string lose, string sentence, string restore)
    {
        await using var user = await PlainUser.CreateAsync(_database);
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {user.Name}; grant create on schema public to {user.Name}");
        await using var app = await StartAsync(user.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync(string.Format(null, lose, user.Name)); // A setting holds for new sessions only.

        var reason = await ReasonAsync(app);
        var location = await app.SubmitAsync("spin", SpinAgain);

        Assert.Contains(string.Format(null, sentence, user.Name), reason, StringComparison.Ordinal);
        await _database.ExecuteAsync(string.Format(null, restore, user.Name));
        await SucceedsUnchargedAsync(app, location);
    }

    [Theory]
    [InlineData("all on all tables in schema slowlane, public, invoicing", "grant insert on invoicing.invoice to slowlane_job;")]
    [InlineData("insert on slowlane.profile", "Run as the owner: grant insert on slowlane.profile to slowlane_job; If")]
    [InlineData("usage on sequence public.result_id_seq", "Run as the owner: grant usage on sequence public.result_id_seq to slowlane_job; If")]
    [InlineData("usage on schema invoicing", "Run as the owner: grant usage on schema invoicing to slowlane_job; If")]
    [InlineData("select on public.profile", "Run as the owner: grant select on public.profile to slowlane_job; If")]
    public async Task Job_WhoseRoleHasLostATableOfAJobType_WaitsUnchargedUntilItIsGranted(string rights, string said)
    {
        await using var app = await StartAsync(_database.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync($"revoke {rights} from slowlane_job");
        var reason = await ReasonAsync(app);
        var location = await app.SubmitAsync("profile", """{"rows":[{"n":1}]}""");

        Assert.StartsWith("The role slowlane_job, under which the SQL of jobs runs, lacks rights that migrations granted, or that these need.", reason, StringComparison.Ordinal);
        Assert.Contains(said, reason, StringComparison.Ordinal);
        await _database.ExecuteAsync(reason.Split("Run as the owner: ")[1].Split(" If the role was")[0]);
        await SucceedsUnchargedAsync(app, location);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", SpinAgain));
    }

    // The job is claimed before the change, so its write meets it first.
    [Fact]
    public async Task Job_WhoseRoleLosesARightWhileItComputes_WaitsUnchargedUntilItIsGivenBack()
    {
        const string Remedy = "grant insert on public.result to slowlane_job;";
        await using var app = await StartAsync(_database.ConnectionString);
        await app.SweepAsync(); // Makes the schema.
        var location = await app.SubmitAsync("spin", """{"id":1,"batch":"b","job":1,"spin_ms":1500}""");
        await Eventually.HoldsAsync(async () => await _database.QueryAsync<long>("select count(*) from slowlane.job where progress > 0") == 1);

        await _database.ExecuteAsync("revoke insert on result from slowlane_job");

        await Eventually.HoldsAsync(async () => await _database.QueryAsync<long>("select count(*) from slowlane.job where progress > 0 and status = 'running'") == 0);
        Assert.Contains(Remedy, await ReasonAsync(app), StringComparison.Ordinal);
        await _database.ExecuteAsync(Remedy);
        await SucceedsUnchargedAsync(app, location);
    }

    [Fact]
    public async Task Job_WhoseNewSessionLacksTheSearchPathOfTheOthers_WaitsUnchargedAndHealthNamesIt()
    {
        await using var user = await PlainUser.CreateAsync(_database);
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {user.Name}; grant create on schema public to {user.Name}");
        await using var app = await StartAsync(user.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await _database.ExecuteAsync($"alter role {user.Name} in database {_database.Name} set search_path = ''; select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name like '%jobs'");

        var location = await app.SubmitAsync("profile", """{"rows":[{"n":1}]}""");
        var spin = await app.SubmitAsync("spin", SpinAgain);

        Assert.Contains("no schema of the search path exists", await ReasonAsync(app), StringComparison.Ordinal);
        await _database.ExecuteAsync($"alter role {user.Name} in database {_database.Name} reset search_path");
        await SucceedsUnchargedAsync(app, location);
        await SucceedsUnchargedAsync(app, spin);
    }

    [Fact]
    public async Task Answers_WhileTheTablesAreClosed_SayThatTheDatabaseCannotBeUsedAndNotThatItIsAway()
    {
        await using var user = await PlainUser.CreateAsync(_database);
        await using var app = await StartAsync(user.ConnectionString); // It may not create the schema.

        foreach (var path in (string[])["/api/jobs", "/api/poison"])
        {
            using var answer = await app.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            Assert.Equal("The database can't be used; try again in 5 seconds. GET /api/health/ready says what is wrong.", problem.GetProperty("detail").GetString());
        }
    }

    [Theory]
    [InlineData("create role {0} login password 'x'; alter database {1} with allow_connections false", "Run as an administrator: alter database \"{1}\" with allow_connections true;")]
    [InlineData("create role {0} login password 'other'", "Correct user and password in Slowlane__Database, or change the password of \"{0}\"")]
    [InlineData("create role {0} login password 'x'; revoke connect on database {1} from public", "Run as an administrator: grant connect on database \"{1}\" to \"{0}\";")]
    [InlineData("create role {0} login password 'x' connection limit 0", "or raise the server's max_connections or the connection limit of \"{1}\" or \"{0}\"")]
    [InlineData("create role {0} login password 'x'; drop database {1} with (force)", "create database \"{1}\" encoding 'UTF8' template template0 owner \"{0}\";")]
    public async Task Login_ThatTheServerRefuses_IsToldByHealthWithItsRemedy(string setup, string remedy)
    {
        var (user, admin) = ("login_" + Guid.NewGuid().ToString("N"), await TestServices.DatabaseAsync());
        await using var server = NpgsqlDataSource.Create(admin);
        foreach (var statement in setup.Split("; "))
        {
            await ExecuteAsync(server, string.Format(null, statement, user, _database.Name));
        }

        await using (var app = await StartAsync(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = user, Password = "x" }.ConnectionString))
        {
            Assert.Contains(string.Format(null, remedy, user, _database.Name), await ReasonAsync(app), StringComparison.Ordinal);
        }

        await ExecuteAsync(server, $"drop role {user}");
        await ExecuteAsync(server, $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{_database.Name}'");
        await ExecuteAsync(server, $"drop database if exists {_database.Name}");
        await ExecuteAsync(server, $"create database {_database.Name}");
    }

    [Fact]
    public async Task Jobs_WhileTheServerTakesNoConnectionForTheirSql_WaitUncharged()
    {
        await using var user = await PlainUser.CreateAsync(_database);
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {user.Name}; grant create on schema public to {user.Name}");
        await using var app = await StartAsync(user.ConnectionString);
        await app.SweepAsync(); // Makes the schema.
        await _database.ExecuteAsync($"alter role {user.Name} connection limit 0"); // Open sessions stay: the engine's.
        var location = await app.SubmitAsync("profile", """{"table":"slowlane_missing"}""");

        await Eventually.HoldsAsync(() => LinesOf(app).With("too many connections for role").Count > 12); // More often than outages are free.
        await _database.ExecuteAsync($"alter role {user.Name} connection limit -1");
        Assert.Equal("failed", (await app.FinishedAsync(location)).GetProperty("status").GetString());
        Assert.Equal("1 0", await _database.QueryAsync<string>("select attempt || ' ' || outages from slowlane.job where type = 'profile'"));
    }

    [Theory]
    [InlineData("-c search_path=", "no schema of the search path exists. The connection itself sets search_path: remove it from Search Path or Options in Slowlane__Database, or from PGOPTIONS in the app's environment, and start the app again.")]
    [InlineData("-c default_transaction_read_only=on", "the server's transactions are read only. The connection itself sets default_transaction_read_only: remove it from Search Path or Options in Slowlane__Database")]
    [InlineData("-c TimeZone=Mars/Phobos", "invalid value for parameter \"TimeZone\": \"Mars/Phobos\" (22023). A session begins with settings that the server refuses: correct Timezone, Search Path or Options in Slowlane__Database, or PGTZ or PGOPTIONS in the app's environment")]
    [InlineData("-c nosuch=1", "unrecognized configuration parameter \"nosuch\" (42704). A session begins with settings that the server refuses: correct Timezone, Search Path or Options")]
    [InlineData("--nosuch", "(42601). A session begins with settings that the server refuses: correct Timezone, Search Path or Options")]
    public async Task Setting_ThatTheConnectionItselfMakes_IsNotSaidToBeMendedByAStatement(string options, string said)
    {
        await using (var before = await StartAsync(_database.ConnectionString))
        {
            await before.SweepAsync(); // Makes the schema.
        }

        await using var app = await StartAsync(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Options = options }.ConnectionString);

        Assert.Contains(said, await ReasonAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_WhoseSessionsLosePreparedStatements_SucceedUnchargedOnNewSessions()
    {
        using var type = new ScriptedJob(_ => "done");
        type.Write = static async (transaction, cancellationToken) =>
        {
            await using var command = new NpgsqlCommand("deallocate all", transaction.Connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        };
        await using var app = await StartAsync(_database.ConnectionString, services => type.Register(services));

        for (var job = 0; job < 12; job++) // Npgsql prepares a statement at its fifth use in a session.
        {
            await SucceedsUnchargedAsync(app, await app.SubmitAsync("scripted", "{}"));
        }
    }

    [Theory]
    [InlineData("database {1}")]
    [InlineData("role {0}")]
    [InlineData("role {0} in database {1}")]
    public async Task Job_OfSessionsThatAMissingLibraryKeepsFromBeginning_WaitsUnchargedUntilTheSettingIsReset(string scope)
    {
        await using var user = await PlainUser.CreateAsync(_database);
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {user.Name}; grant create on schema public to {user.Name}");
        await using var server = NpgsqlDataSource.Create(await TestServices.DatabaseAsync());
        await using var app = await StartAsync(user.ConnectionString);
        await SucceedsUnchargedAsync(app, await app.SubmitAsync("spin", Spin));
        await ExecuteAsync(server, $"alter {string.Format(null, scope, user.Name, _database.Name)} set session_preload_libraries = 'no_such_library'");
        await ExecuteAsync(server, $"select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = '{user.Name}'");
        var location = await app.SubmitAsync("spin", SpinAgain);

        var reason = await ReasonAsync(app);

        Assert.Contains("no_such_library", reason, StringComparison.Ordinal);
        foreach (var statement in reason[reason.IndexOf("alter database", StringComparison.Ordinal)..].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            await ExecuteAsync(server, statement);
        }

        await SucceedsUnchargedAsync(app, location);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource server, string sql)
    {
        await using var command = server.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private Task SessionsEndAsync() => Eventually.HoldsAsync(
        async () => await _database.QueryAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and application_name like 'slowlane%' and application_name not like '%listener'") == 0);

    private static async Task<string> SubmitAsync(SlowlaneApp app, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/jobs/spin") { Content = new StringContent(Spin, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await app.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }
}
