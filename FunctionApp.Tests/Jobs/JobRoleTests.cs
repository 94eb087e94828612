using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Execution.SqlFaults;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Samples.Spin;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Jobs;

/// <summary>A job type's SQL runs as slowlane_job, and nothing else does.</summary>
public sealed partial class JobRoleTests
{
    private const string WhoAmI = "select current_user::text || ' ' || pg_backend_pid()";

    private static readonly BufferedJobHandler<SqlJob, string, string, SpinResult> Buffered = new("sql");
    private static readonly StreamingJobHandler<SqlStream, string, string, SpinResult> Streaming = new("sql");
    private static readonly ServiceProvider Types = new ServiceCollection().AddSingleton(new SqlJob("")).AddSingleton<SqlStream>().BuildServiceProvider();

    [Theory]
    [InlineData("select 'read' from slowlane.job")]
    [InlineData("select 'read' from slowlane.result")]
    [InlineData("select 'read' from slowlane.poison")]
    [InlineData("select 'read' from slowlane.migration")]
    [InlineData("select 'read' from slowlane.profile")]
    [InlineData("with gone as (delete from slowlane.job returning 1) select 'gone' from gone")]
    [InlineData("with gone as (delete from slowlane.profile returning 1) select 'gone' from gone")]
    public async Task SqlOfAJob_OnSlowlanesOwnTables_IsRefusedWhereverItRuns(string sql)
    {
        await using var stores = await TestStores.CreateAsync();
        var claim = await stores.ClaimNewAsync();
        await using var source = Database.Open(stores.Options);

        var fetched = await Assert.ThrowsAsync<JobException>(() => RunAsync(sql, source));
        var wrote = await Assert.ThrowsAsync<JobException>(() => WriteAsync(sql, stores, claim));

        Assert.Equal(("not-permitted", "not-permitted"), (fetched.Code, wrote.Code));
        Assert.Contains("Slowlane's own tables stay closed to jobs", wrote.Message, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Running, (await stores.RowAsync(claim.Id)).Status);
    }

    [Theory]
    [InlineData("create table \"order\" as select 'x' as n; revoke select on \"order\" from slowlane_job", "select n from \"order\"", false)]
    [InlineData("create schema s; create table s.t as select 'x' as n; grant select on s.t to slowlane_job", "select n from s.t", false)]
    [InlineData("create function f() returns text language sql as $$ select 'x' $$; revoke execute on function f() from public", "select f()", false)]
    [InlineData("create sequence q", "select nextval('q')::text", false)]
    [InlineData("create table note (n text)", "insert into note values ('x') returning n", true)]
    [InlineData("create table note (id serial, n text); grant insert on note to slowlane_job", "insert into note (n) values ('x') returning n", true)]
    [InlineData("create schema s; create table s.note (n text); create table note (n text); grant usage on schema s to slowlane_job; grant all on note to slowlane_job; grant select on s.note to slowlane_job", "insert into s.note values ('x') returning n", true)]
    [InlineData("create schema s; create table s.job as select 'x' as n; grant usage on schema s to slowlane_job", "select n from s.job", false)]
    [InlineData("create schema s; grant usage on schema s to slowlane_job; create function s.f(n int) returns text language sql as $$ select 'x' $$; revoke execute on function s.f(int) from public", "select s.f(1)", false)]
    [InlineData("create table base as select 'x' as n; revoke select on base from slowlane_job; create function f() returns text language sql as 'select n from base'; create view v as select f() as n", "select n from v", false)]
    [InlineData("select lo_from_bytea(4711, 'x')", "select convert_from(lo_get(4711), 'UTF8')", false)]
    [InlineData("create schema s; create table s.twin as select 'x' as n; create table twin as select 'x' as n; revoke select on twin from slowlane_job; grant usage on schema s to slowlane_job", "select n from s.twin", false)]
    [InlineData("create schema s; create table s.twin as select 'x' as n; create table twin as select 'x' as n; revoke select on twin from slowlane_job; grant usage on schema s to slowlane_job", "select n from twin", false)]
    public async Task SqlOfAJob_ThatLacksARight_RunsOnceTheAdvisedGrantIsMade(string setup, string sql, bool isWrite)
    {
        await using var stores = await TestStores.CreateAsync();
        var claim = await stores.ClaimNewAsync();
        await using var source = Database.Open(stores.Options);
        await stores.Sql.ExecuteAsync(setup);
        Func<Task> run = async () => await (isWrite ? (Task)WriteAsync(sql, stores, claim) : RunAsync(sql, source));

        var refused = await Assert.ThrowsAsync<JobException>(run);

        Assert.Equal("not-permitted", refused.Code);
        await stores.Sql.ExecuteAsync(Assert.Single(GrantPattern().Matches(refused.Message)).Value);
        await run();
    }

    [Theory]
    [InlineData("permission denied for table pg_authid", "PostgreSQL keeps pg_authid for superusers")]
    [InlineData("permission denied for function pg_read_file", "PostgreSQL keeps pg_read_file for superusers")]
    [InlineData("keine Berechtigung für Tabelle t", "Grant what PostgreSQL names to that role")]
    [InlineData("permission denied to create extension \"x\"", "Grant what PostgreSQL names to that role")]
    public void Refusal_OfWhatNoGrantMends_AdvisesNone(string message, string remedy)
    {
        var denied = new PostgresException(message, "ERROR", "ERROR", PostgresErrorCodes.InsufficientPrivilege);

        var refused = SqlFault.Of("sql", denied, isWrite: false, FaultFacts.Of(denied));

        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch(GrantPattern(), refused.Message);
    }

    [Fact]
    public async Task SqlOfAJob_ThatExaminesAClosedSetting_IsToldToLeaveItOut()
    {
        await using var database = await TestDatabase.CreateAsync();

        var refused = await Assert.ThrowsAsync<JobException>(() => RunAsync("select current_setting('data_directory')", database.Source));

        Assert.Contains("PostgreSQL shows that setting to members of pg_read_all_settings only, which jobs should not be: leave it out of the SQL.", refused.Message, StringComparison.Ordinal);
    }

    // As PostgreSQL's translations have it. What they mean is found in the catalog.
    [Theory]
    [InlineData("keine Berechtigung für Tabelle note", "grant select on public.note to slowlane_job")]
    [InlineData("droit refusé pour la table note", "grant select on public.note to slowlane_job")]
    [InlineData("テーブル note へのアクセスが拒否されました", "grant select on public.note to slowlane_job")]
    [InlineData("note 테이블에 대한 접근 권한 없음", "grant select on public.note to slowlane_job")]
    [InlineData("对表note权限不够", "grant select on public.note to slowlane_job")]
    [InlineData("нет доступа к схеме closed", "grant usage on schema closed to slowlane_job")]
    [InlineData("rättighet saknas för funktion f", "grant execute on function public.f(integer) to slowlane_job")]
    [InlineData("permiso denegado a la secuencia q", "grant usage on sequence public.q to slowlane_job")]
    [InlineData("keine Berechtigung für Tabelle pg_authid", "")]
    [InlineData("keine Berechtigung für Tabelle nirgendwo", "")]
    public async Task Refusal_InAnotherLanguage_AdvisesTheGrantOfWhatItNames(string message, string grant)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table note (n int); create table no (n int); revoke select on note, no from slowlane_job; create schema closed; create function f(int) returns int language sql as 'select 1'; revoke execute on function f from public; create sequence q");
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        var denied = new PostgresException(message, "?", "ERROR", PostgresErrorCodes.InsufficientPrivilege);

        var refused = SqlFault.Of("sql", denied, isWrite: false, await FaultFacts.FindAsync(denied, isWrite: false, connection, Cancellation));

        Assert.Equal(grant, string.Join("; ", GrantPattern().Matches(refused.Message).Select(match => match.Value)));
    }

    [Fact]
    public void Refusal_OfALargeObjectInAnotherLanguage_AdvisesItsGrant()
    {
        var denied = new PostgresException("keine Berechtigung für Large Object 4711", "FEHLER", "ERROR", PostgresErrorCodes.InsufficientPrivilege, file: "inv_api.c");

        Assert.Contains("grant select on large object 4711 to slowlane_job", SqlFault.Of("sql", denied, isWrite: false, FaultFacts.Of(denied)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password", "Correct the user and the password of its user mapping (alter user mapping for slowlane_job server \"Far\" options (set user '…', set password '…')).")]
    [InlineData("no password", "Correct the user and the password of its user mapping (alter user mapping for slowlane_job server \"Far\" options (set user '…', add password '…')).")]
    [InlineData("port", "Bring that server back, or correct its address (alter server \"Far\" options (set host '…', set port '…', set dbname '…')), or the user and the password of its user mapping (alter user mapping for slowlane_job server \"Far\" options (set user '…', set password '…')).")]
    [InlineData("database", "That server has no such database: create it there, or name another (alter server \"Far\" options (set dbname '…')).")]
    [InlineData("connections", "That server has no connection left: raise max_connections there, or the connection limit of the database or of the user that the user mapping names, or let less run at once.")]
    [InlineData("right", "Grant the right there, to the user of the user mapping (grant select on public.near to {reader}).")]
    [InlineData("table", "Correct the names that the foreign table has for that server (alter foreign table public.away options (add schema_name '…', set table_name '…')), or column_name of its column.")]
    public async Task SqlOfAJob_ThatAnotherServerRefuses_RunsOnceTheAdvisedStatementIsRunAndMayPass(string wrong, string remedy)
    {
        await using var stores = await TestStores.CreateAsync();
        await using var source = Database.Open(stores.Options);
        var (own, reader) = (new NpgsqlConnectionStringBuilder(stores.Options.Database), "reader_" + Guid.NewGuid().ToString("N"));
        await stores.Sql.ExecuteAsync($"create role {reader} login password 'r'; create table near as select 'x' as n; create extension postgres_fdw; create server \"Near\" foreign data wrapper postgres_fdw");
        await stores.Sql.ExecuteAsync($"{(wrong is "right" ? "revoke" : "grant")} select on near {(wrong is "right" ? "from" : "to")} {reader}; alter role {reader} connection limit {(wrong is "connections" ? 0 : -1)}");
        await stores.Sql.ExecuteAsync($"create server \"Far\" foreign data wrapper postgres_fdw options (host '{own.Host}', port '{(wrong is "port" ? 1 : own.Port)}', dbname '{(wrong is "database" ? "nowhere" : own.Database)}')");
        await stores.Sql.ExecuteAsync($"create user mapping for slowlane_job server \"Far\" options (user '{reader}'{(wrong is "no password" ? "" : $", password '{(wrong is "password" ? "wrong" : "r")}'")})");
        await stores.Sql.ExecuteAsync($"create foreign table away (n text) server \"Far\" options (table_name '{(wrong is "table" ? "nowhere" : "near")}'); create view v with (security_invoker) as select n from away");

        var refused = await Assert.ThrowsAsync<JobException>(() => RunAsync("select n from v", source));

        Assert.Equal(("foreign-server", true), (refused.Code, refused.IsTransient));
        Assert.EndsWith("). " + remedy.Replace("{reader}", reader, StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
        await stores.Sql.ExecuteAsync(wrong is "connections" ? $"alter role {reader} connection limit -1" : StatementPattern().Match(refused.Message).Groups["statement"].Value
            .Replace("host '…'", $"host '{own.Host}'", StringComparison.Ordinal)
            .Replace("port '…'", $"port '{own.Port}'", StringComparison.Ordinal)
            .Replace("dbname '…'", $"dbname '{own.Database}'", StringComparison.Ordinal)
            .Replace("user '…'", $"user '{reader}'", StringComparison.Ordinal)
            .Replace("password '…'", "password 'r'", StringComparison.Ordinal)
            .Replace("schema_name '…'", "schema_name 'public'", StringComparison.Ordinal)
            .Replace("table_name '…'", "table_name 'near'", StringComparison.Ordinal));
        await RunAsync("select n from v", source);
        await stores.Sql.ExecuteAsync($"drop owned by {reader}; drop role {reader}");
    }

    [Theory]
    [InlineData("transaction_timeout", "reading-stopped", false)]
    [InlineData("statement_timeout", "reading-stopped", false)]
    [InlineData("transaction_timeout", "writing-stopped", true)]
    public async Task SqlOfAJob_ThatALimitOfTheServerStops_NamesTheLimitAndMayPass(string limit, string code, bool isWrite)
    {
        await using var stores = await TestStores.CreateAsync();
        var claim = await stores.ClaimNewAsync();
        var sql = $"{(isWrite ? "" : "begin; ")}set local {limit} = '300ms'; select pg_sleep(600)::text";
        await using var source = Database.Open(stores.Options);

        var stopped = await Assert.ThrowsAsync<JobException>(() => isWrite ? WriteAsync(sql, stores, claim) : RunAsync(sql, source));

        Assert.Equal((code, true), (stopped.Code, stopped.IsTransient));
        Assert.Contains($"Raise {limit} of the app's database user", stopped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SqlOfAJob_OnceALimitIsRaised_RunsUnderTheNewOne(bool isWrite)
    {
        await using var stores = await TestStores.CreateAsync();
        var claim = await stores.ClaimNewAsync();
        await stores.Sql.ExecuteAsync($"alter database {stores.Sql.Name} set statement_timeout = '400ms'");
        stores.Ready.Source.Clear(); // New sessions have the limit.
        await using var source = Database.Open(stores.Options);
        Func<Task> run = async () => await (isWrite ? (Task)WriteAsync("select pg_sleep(1)::text", stores, claim) : RunAsync("select pg_sleep(1)::text", source));
        await Assert.ThrowsAsync<JobException>(run);

        await stores.Sql.ExecuteAsync($"alter database {stores.Sql.Name} reset statement_timeout");

        await run();
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, ";Auto Prepare Min Usages=1")]
    [InlineData(false, ";Max Auto Prepare=0")]
    [InlineData(false, ";No Reset On Close=true")]
    [InlineData(true, ";No Reset On Close=true;Multiplexing=true")]
    public async Task Connection_OfAJob_GoesBackToThePoolAsTheAppsOwn(bool streaming, string settings)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = Database.Open(new SlowlaneOptions { Database = database.ConnectionString + ";Maximum Pool Size=1" + settings, Storage = "" });
        var own = await ScalarAsync(source);

        Assert.StartsWith("slowlane_job ", Value(await RunAsync(WhoAmI, source, streaming: streaming)), StringComparison.Ordinal);
        Assert.Equal(own, await ScalarAsync(source)); // The same connection, and the app's user again.

        await RunAsync("begin; select 'left open'", source, streaming: streaming);
        Assert.Equal(own, await ScalarAsync(source));

        await Assert.ThrowsAsync<PostgresException>(() => RunAsync("select (1/0)::text", source, streaming: streaming));
        Assert.Equal(own, await ScalarAsync(source));
    }

    [Fact]
    public async Task Write_OfAJob_RunsUnderTheRoleAndWhatFollowsItDoesNot()
    {
        await using var stores = await TestStores.CreateAsync();
        var claim = await stores.ClaimNewAsync();
        await stores.Sql.ExecuteAsync("create table note (who text); grant insert on note to slowlane_job");

        await WriteAsync("insert into note select current_user returning who", stores, claim);

        Assert.Equal("slowlane_job", await stores.Sql.QueryAsync<string>("select who from note"));
        Assert.True(await stores.RenewAsync(await stores.ClaimNewAsync(), 0.5, Cancellation));
    }

    [Fact]
    public async Task Job_WhoseAppMayNotTakeTheRole_WaitsUncharged()
    {
        await using var database = await TestDatabase.CreateAsync();
        var user = "app_" + Guid.NewGuid().ToString("N");
        await database.ExecuteAsync($"create role {user} login password 'x'");
        await using var source = Database.Open(new SlowlaneOptions { Database = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = user, Password = "x", Pooling = false }.ConnectionString, Storage = "" });

        var refused = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => RunAsync(WhoAmI, source));

        Assert.Contains("can't take the role slowlane_job, under which the SQL of jobs runs (permission denied to set role", refused.Message, StringComparison.Ordinal);
        await database.ExecuteAsync($"drop role {user}");
    }

    [GeneratedRegex("grant .+? to slowlane_job", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GrantPattern();

    [GeneratedRegex(@"\((?<statement>(alter|grant) [^(]+(\([^)]+\))?)\)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatementPattern();

    private static Task<IReadOnlySet<JobId>> WriteAsync(string sql, TestStores stores, Claim claim)
        => stores.Written.SucceedAsync([(claim, Attempts.Computed(claim, type: new SqlJob(sql)))], Buffered.WriteAsync, Cancellation);

    private static async Task<Computed> RunAsync(string fetch, NpgsqlDataSource source, bool streaming = false)
    {
        using var lanes = new ComputeLanes(1, TimeProvider.System);
        using var lane = await lanes.ReserveAsync(Cancellation);
        var input = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["sql"] = fetch });
        return await ((JobHandler)(streaming ? Streaming : Buffered)).RunAsync(Types, input, source, lane, new JobContext(JobId.New(TimeProvider.System, 0), "sql", 1, Cancellation));
    }

    private static string Value(Computed computed)
    {
        using var json = JsonDocument.Parse(computed.Json);
        return json.RootElement.GetProperty("value").GetString()!;
    }

    private static async Task<string> ScalarAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(WhoAmI);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>Fetches and writes by SQL of the test's own.</summary>
    private sealed class SqlJob(string write) : IJobType<string, string, SpinResult>
    {
        public static string Parse(InputReader reader) => reader.GetString("sql", 10_000)!;

        public Task<string> FetchAsync(string input, NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(input, connection, cancellationToken);

        public SpinResult Compute(string input, string data, JobContext context) => new("", 0, 0, data);

        public Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
            => ExecuteAsync(write, transaction.Connection!, cancellationToken);

        private static async Task<string> ExecuteAsync(string sql, NpgsqlConnection connection, CancellationToken cancellationToken)
        {
#pragma warning disable CA2100 // The statement is the test's.
            await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
            return (string?)await command.ExecuteScalarAsync(cancellationToken) ?? "";
        }
    }

    /// <summary>The same, as a stream of one chunk.</summary>
    private sealed class SqlStream(SqlJob job) : IStreamingJobType<string, string, SpinResult>
    {
        public static string Parse(InputReader reader) => SqlJob.Parse(reader);

        public async IAsyncEnumerable<string> FetchAsync(string input, NpgsqlConnection connection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return await job.FetchAsync(input, connection, cancellationToken);
        }

        public SpinResult Compute(string input, IEnumerable<string> chunks, JobContext context) => job.Compute(input, string.Concat(chunks), context);

        public Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
            => job.WriteAsync(result, transaction, context, cancellationToken);
    }
}
