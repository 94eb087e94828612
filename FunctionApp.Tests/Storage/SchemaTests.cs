using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Storage.Connections;
using Slowlane.Storage.Schema;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

/// <summary>What keeps the app from its tables, and whether the statement that it advises mends it, without a restart.</summary>
public sealed partial class SchemaTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private PlainUser _user = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _user = await PlainUser.CreateAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _user.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Schema_ThatIsComplete_NeedsNoRightToCreateOne()
    {
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {_user.Name}");
        await MigrateAsync(_user.ConnectionString);
        await _database.ExecuteAsync($"revoke create on database {_database.Name} from {_user.Name}");

        await MigrateAsync(_user.ConnectionString);
    }

    [Theory]
    [InlineData("", 1, "may not create one")]
    [InlineData("migrate; revoke usage on schema slowlane from slowlane_job", 3, "may not use the schema slowlane")]
    [InlineData("migrate; grant usage on schema slowlane to {0}", 1, "may not read and write slowlane.cancellation, slowlane.job, ")]
    [InlineData("migrate; grant usage on schema slowlane to {0}; grant select, insert, update, delete on all tables in schema slowlane to {0}; delete from slowlane.migration where name = '0011_trace'; alter table slowlane.job drop column trace", 2, "may not create tables in the schema")]
    [InlineData("own; revoke slowlane_job from {0}", 1, "may not take the role slowlane_job, under which the SQL of jobs runs")]
    [InlineData("own; revoke slowlane_job from {0}; grant slowlane_job to {0} with set false", 1, "may not take the role slowlane_job")]
    [InlineData("own; alter table slowlane.job add extra int not null default 0; alter table slowlane.job alter extra drop default", 1, "The column slowlane.job.extra is not Slowlane's and takes no null, so no row can be written.")]
    [InlineData("own; alter table slowlane.job rename column trace to \"Trace\"", 1, "The database lacks the column slowlane.job.trace, and the column \"Trace\" is not of a migration; perhaps it was renamed.")]
    [InlineData("own; alter table slowlane.job alter column attempt type bigint", 1, "The column slowlane.job.attempt has the type int8 instead of int4.")]
    [InlineData("own; alter table slowlane.job replica identity nothing; create publication p_{0} for table slowlane.job", 1, "The table slowlane.job is published and has no replica identity")]
    [InlineData("own; alter table slowlane.job enable row level security; alter table slowlane.job force row level security", 1, "Row-level security hides rows of slowlane.job from the database user")]
    [InlineData("own; alter table slowlane.job disable trigger job_finished_by_insert", 1, "The trigger job_finished_by_insert on slowlane.job is disabled.")]
    [InlineData("own; revoke usage on schema slowlane from slowlane_job", 1, "The role slowlane_job, under which the SQL of jobs runs, may not use the schema slowlane")]
    [InlineData("own; alter role {0} set search_path = ''", 1, "no schema of the search path exists")]
    [InlineData("own; revoke usage on schema public from public", 2, "may not use the schema public of its search path")]
    public async Task Right_ThatIsMissing_IsNamedWithTheStatementsThatGrantIt(string before, int statements, string reason)
    {
        await BreakAsync(before);
        await using var app = Open(_user.ConnectionString, samples: false);

        var first = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => app.CheckAsync());

        Assert.Contains(reason, first.Message, StringComparison.Ordinal);
        Assert.True(Outage.EndsByItself(first)); // So jobs wait, uncharged.
        Assert.Equal(statements, await FollowAdviceAsync(app));
    }

    [Theory]
    [InlineData("extra,public")]
    [InlineData("Extra")]
    public async Task SearchPath_ThatTheConnectionSets_IsReadAsTheServerReadsIt(string path)
    {
        await BreakAsync("own; create schema extra; grant usage on schema extra to slowlane_job, {0}");
        await using var app = Open($"{_user.ConnectionString};Search Path={path}", samples: false);

        Assert.Equal("extra", (await app.CheckAsync()).Path);
    }

    [Fact]
    public async Task SearchPath_ThatIsEmpty_IsNamedWithTheStatementThatSetsOne()
    {
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {_user.Name}; grant create on schema public to {_user.Name}");
        await _database.ExecuteAsync($"alter role {_user.Name} set search_path = ''");
        await using var app = Open(_user.ConnectionString, samples: true);

        var first = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => app.CheckAsync());

        Assert.Contains("Migration sample_spin can't be applied: no schema has been selected to create in (3F000).", first.Message, StringComparison.Ordinal);
        Assert.Equal(1, await FollowAdviceAsync(app));
    }

    [Theory]
    [InlineData("", "permission denied for schema public (42501). What a script names without a schema lies in the schema public.")]
    [InlineData("alter role {0} set search_path = pg_catalog, public; grant create on schema public to {0}", "permission denied for schema pg_catalog (42501). The script has a name without a schema, and the search path begins with pg_catalog, where nobody may create anything.")]
    public async Task Script_ThatMayCreateNothingInTheSearchPath_IsNamedWithTheStatementThatMendsIt(string before, string reason)
    {
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {_user.Name}");
        await BreakAsync(before);
        await using var app = Open(_user.ConnectionString, samples: true);

        var first = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => app.CheckAsync());

        Assert.Contains(reason, first.Message, StringComparison.Ordinal);
        Assert.Equal(1, await FollowAdviceAsync(app));
    }

    [Fact]
    public async Task Script_WhoseTablesOutliveTheRecordOfItsMigration_IsRecordedByTheAdvisedStatement()
    {
        await using var source = Slowlane.Storage.Database.Open(new SlowlaneOptions { Database = _database.ConnectionString, Storage = "" });
        await using var app = new App(source, new Migrator(new DatabasePools(source, source), [new MigrationScripts(typeof(SchemaTests).Assembly, "Storage/Scripts")], NullLogger<Migrator>.Instance));
        await app.CheckAsync();
        await _database.ExecuteAsync("drop schema slowlane cascade");

        var first = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => app.CheckAsync());

        Assert.Contains("What the script creates exists, and is not recorded as applied", first.Message, StringComparison.Ordinal);
        Assert.Equal(1, await FollowAdviceAsync(app));
    }

    [Theory]
    [InlineData("alter table slowlane.job drop column trace", "column slowlane.job.trace text")]
    [InlineData("alter table slowlane.part drop constraint part_pkey", "unique index slowlane.part_pkey")]
    [InlineData("drop function slowlane.signal_finished cascade", "function slowlane.signal_finished, trigger job_finished_by_insert on slowlane.job, trigger job_finished_by_update on slowlane.job")]
    public async Task Part_OfATableThatIsMissing_IsNamed(string statement, string names)
    {
        await using var app = Open(_database.ConnectionString, samples: false);
        await app.CheckAsync();
        await _database.ExecuteAsync(statement);

        var missing = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => app.CheckAsync());

        Assert.StartsWith($"The schema slowlane lacks {names}, and its migrations are recorded as applied.", missing.Message, StringComparison.Ordinal);
        Assert.Equal(1, await FollowAdviceAsync(app));
    }

    [Fact]
    public async Task Parts_ThatAreLookedFor_AreThoseThatTheMigrationsCreate()
    {
        await using var source = Slowlane.Storage.Database.Open(new SlowlaneOptions { Database = _database.ConnectionString, Storage = "" });
        await new Migrator(new DatabasePools(source, source), [], NullLogger<Migrator>.Instance).MigrateAsync(Cancellation);

        var created = await _database.QueryAsync<string[]>("""
            select array(
                select 'column slowlane.' || table_name || '.' || column_name || ' ' || udt_name from information_schema.columns where table_schema = 'slowlane'
                union all select 'unique index slowlane.' || indexname from pg_indexes where schemaname = 'slowlane' and indexdef like 'CREATE UNIQUE%'
                union all select 'function slowlane.' || routine_name from information_schema.routines where routine_schema = 'slowlane'
                union all select 'trigger ' || tgname || ' on ' || tgrelid::regclass from pg_trigger where not tgisinternal and tgrelid::regclass::text like 'slowlane.%')
            """);

        Assert.Equal(created.Order(StringComparer.Ordinal), SchemaObjects.Parts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Table_ThatIsMissingAlthoughItsMigrationWasApplied_IsNamed()
    {
        await using var app = Open(_database.ConnectionString, samples: false);
        await app.CheckAsync();
        await _database.ExecuteAsync("drop table slowlane.paused");

        var missing = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => app.CheckAsync());

        Assert.StartsWith("The schema slowlane lacks slowlane.paused, and its migrations are recorded as applied.", missing.Message, StringComparison.Ordinal);
        Assert.Equal(1, await FollowAdviceAsync(app));
    }

    [Fact]
    public async Task Lock_HeldByAnotherSession_IsNotWaitedForInSilence()
    {
        await using var app = Open(_database.ConnectionString, samples: false);
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var holder = await source.OpenConnectionAsync(Cancellation);
        await using var hold = new NpgsqlCommand("select pg_advisory_lock(x'736c6f776c616e65'::bigint)", holder);
        await hold.ExecuteNonQueryAsync(Cancellation);

        var waits = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => app.CheckAsync());

        Assert.Contains($"run: select pg_terminate_backend({holder.ProcessID});", waits.Message, StringComparison.Ordinal);
        Assert.Equal(1, await FollowAdviceAsync(app));
    }

    [Fact]
    public async Task Type_ThatAScriptCreates_IsReadAtOnce()
    {
        await using var source = Slowlane.Storage.Database.Open(new SlowlaneOptions { Database = _database.ConnectionString, Storage = "" });
        var migrator = new Migrator(new DatabasePools(source, source), [new MigrationScripts(typeof(SchemaTests).Assembly, "Storage/Scripts")], NullLogger<Migrator>.Instance);
        await migrator.MigrateAsync(Cancellation);

        await using var command = source.CreateCommand("select mood from slowlane_test_mood");
        Assert.Equal("calm", await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Encoding_OtherThanUtf8_IsRefusedWithTheStatementThatCreatesADatabase()
    {
        var latin = _database.Name + "_latin1";
        await _database.ExecuteAsync($"create database {latin} encoding 'LATIN1' locale_provider libc locale 'C' template template0");
        try
        {
            await using var app = Open(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Database = latin, Pooling = false }.ConnectionString, samples: false);

            var refused = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => app.CheckAsync());

            Assert.Equal(
                $"The database {latin} stores text as LATIN1, and jobs have text of any language. Create another, and name it in Slowlane__Database: create database NAME encoding 'UTF8' template template0 owner postgres;",
                refused.Message);
        }
        finally
        {
            await _database.ExecuteAsync($"drop database {latin} with (force)");
        }
    }

    [Fact]
    public async Task Encoding_OfADatabaseThatADumpWasRestoredInto_IsRefusedToo()
    {
        await using var app = Open(_database.ConnectionString, samples: false);
        await app.CheckAsync();
        await _database.ExecuteAsync("update pg_database set encoding = pg_char_to_encoding('LATIN1') where datname = current_database()");

        var refused = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => app.CheckAsync());

        Assert.StartsWith($"The database {_database.Name} stores text as LATIN1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Fast")]
    public async Task Scripts_AreAscii_SoThatEverySessionReadsThemAlike()
    {
        foreach (var scripts in (MigrationScripts[])[Migrator.Engine, AppMigrations.Profile, AppMigrations.Samples])
        {
            foreach (var name in scripts.Names)
            {
                Assert.True((await scripts.ReadAsync(name, Cancellation)).All(char.IsAscii), $"{name} has a character beyond ASCII.");
            }
        }
    }

    [Fact]
    public async Task Statement_OnATableThatIsGone_IsTheEnvironmentsFaultIfItIsTheEnginesAndTheJobsIfNot()
    {
        await using var source = Slowlane.Storage.Database.Open(new SlowlaneOptions { Database = _database.ConnectionString, Storage = "" });

        using var database = new Database(source, AppMigrations.Of(source, samples: false), TimeProvider.System);
        await using var command = database.Command("select from slowlane.job where id = $1", Guid.Empty);

        var engines = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));
        var jobs = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(source, "select from invoicing.invoice"));

        Assert.Equal((true, false), (Outage.Is(engines), Outage.Is(jobs)));
    }

    [Fact]
    public async Task Rules_OfTheMigratedTables_AreThoseThatAreKnown()
    {
        await using var source = Slowlane.Storage.Database.Open(new SlowlaneOptions { Database = _database.ConnectionString, Storage = "" });
        using var database = new Database(source, AppMigrations.Of(source, samples: false), TimeProvider.System);
        await database.ReadyAsync(Cancellation);

        var state = await database.CheckAsync(Cancellation);

        Assert.Empty(state.ForeignRules);
        var names = await _database.QueryAsync<string[]>("select array_agg(name) from (select o.conname::text as name from pg_constraint o where o.contype not in ('n', 't') and o.conrelid in (select oid from pg_class where relnamespace = 'slowlane'::regnamespace)) as o");
        Assert.Empty(SchemaObjects.Rules.Except(names, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("PL/pgSQL function public.audit() line 3 at RAISE", true)]
    [InlineData("SQL-Anweisung »insert into audit values (1)«\nPL/pgSQL-Funktion audit() Zeile 3 bei SQL-Anweisung", true)]
    [InlineData("PL/pgSQL function slowlane.signal_finished() line 5 at PERFORM", false)]
    [InlineData("SQL statement \"SELECT 1 FROM ONLY slowlane.job x\"", false)]
    [InlineData("", false)]
    [Trait("Category", "Fast")]
    public void Constraint_ThatDoesNotHold_IsTheEnvironmentsFaultOnlyInAFunctionThatIsNotTheEngines(string where, bool isRefused)
        => Assert.Equal(isRefused, EngineStatement.IsRefused("insert into slowlane.job", "23505", where));

    private async Task BreakAsync(string before)
    {
        foreach (var statement in before.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await (statement switch
            {
                "migrate" => MigrateAsync(_database.ConnectionString),
                "own" => OwnAsync(),
                _ => _database.ExecuteAsync(string.Format(null, statement, _user.Name)),
            });
        }
    }

    // The user makes the schema, and so owns it.
    private async Task OwnAsync()
    {
        await _database.ExecuteAsync($"grant create on database {_database.Name} to {_user.Name}");
        await MigrateAsync(_user.ConnectionString);
    }

    // Does as an administrator what the app says, until it is content; returns how many statements that took.
    private async Task<int> FollowAdviceAsync(App app)
    {
        for (var statements = 0; statements < 5; statements++)
        {
            try
            {
                await app.CheckAsync();
                return statements;
            }
            catch (DatabaseNotReadyException e)
            {
                await _database.ExecuteAsync(Advice().Match(e.Message).Groups["statement"].Value);
            }
        }

        throw new InvalidOperationException("Five statements did not mend it.");
    }

    [GeneratedRegex(@", run: (?<statement>[^;]+;)|Run as [a-z ]+: (?<statement>[^;]+;)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Advice();

    private static async Task MigrateAsync(string connectionString)
    {
        await using var app = Open(connectionString, samples: false);
        await app.CheckAsync();
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static App Open(string connectionString, bool samples)
    {
        var source = Slowlane.Storage.Database.Open(new SlowlaneOptions { Database = connectionString, Storage = "" });
        return new App(source, AppMigrations.Of(source, samples));
    }

    /// <summary>The app's view of its database.</summary>
    private sealed class App : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _source;
        private readonly Database _database;

        public App(NpgsqlDataSource source, Migrator migrator)
        {
            _source = source;
            _database = new Database(source, migrator, TimeProvider.System);
        }

        public Task<SchemaState> CheckAsync() => _database.CheckAsync(Cancellation);

        public ValueTask DisposeAsync()
        {
            _database.Dispose();
            return _source.DisposeAsync();
        }
    }
}
