using Slowlane.Jobs;
using Slowlane.Profiling.Sources;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class ProfileOfTablesTests
{
    [Theory]
    [InlineData("plain", "public.plain", "table")]
    [InlineData("PLAIN", "public.plain", "table")]
    [InlineData("Public.Plain", "public.plain", "table")]
    [InlineData("MixedCase", "public.\"MixedCase\"", "table")]
    [InlineData("\"Sch\"\"ema\".\"Tä.ble\"", "\"Sch\"\"ema\".\"Tä.ble\"", "table")]
    [InlineData("parts", "public.parts", "partitioned table")]
    [InlineData("seen", "public.seen", "view")]
    [InlineData("kept", "public.kept", "materialized view")]
    public async Task Profile_FindsWhatPostgresWouldFind(string name, string table, string kind)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            CREATE TABLE plain AS SELECT 1 AS n;
            CREATE TABLE "MixedCase" AS SELECT 1 AS n;
            CREATE SCHEMA "Sch""ema";
            CREATE TABLE "Sch""ema"."Tä.ble" AS SELECT 1 AS n;
            CREATE TABLE parts (n int) PARTITION BY RANGE (n);
            CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
            CREATE TABLE part2 PARTITION OF parts FOR VALUES FROM (10) TO (20);
            INSERT INTO parts VALUES (1);
            CREATE VIEW seen AS SELECT * FROM plain;
            CREATE MATERIALIZED VIEW kept AS SELECT * FROM plain
            """);

        var report = await database.TableAsync(name);

        Assert.Equal((table, kind, 1L), (report.Table, report.Kind, report.RowCount));
        Assert.Equal("1", report.Column("n").Min);
        Assert.True(report.BytesRead > 0 && report.StartedAt <= report.FinishedAt && report.Snapshot is not null);
    }

    [Fact]
    public async Task Columns_OfAnyName_AreProfiledInTheOrderAsked()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""CREATE TABLE t ("a""b; --" int, "Größe 😀" text, gone int, g int GENERATED ALWAYS AS (1 + 1) STORED); INSERT INTO t VALUES (1, 'x', 2); ALTER TABLE t DROP COLUMN gone""");

        var all = await database.TableAsync("t");
        var some = await database.TableAsync("t", ""","columns":["g","a\"b; --"]""");

        Assert.Equal(["a\"b; --", "Größe 😀", "g"], all.Columns.Select(column => column.Name), StringComparer.Ordinal);
        Assert.Equal(["g", "a\"b; --"], some.Columns.Select(column => column.Name), StringComparer.Ordinal);
        Assert.Equal("2", some.Columns[0].Max);
    }

    [Theory]
    [InlineData("""{"table":"custmers"}""", "unknown-table", "similar: public.customers")]
    [InlineData("""{"table":"public.Xyz"}""", "unknown-table", "There is no table 'public.Xyz'")]
    [InlineData("""{"table":"\"CUSTOMERS\""}""", "unknown-table", "similar: public.customers")]
    [InlineData("""{"table":"customers; drop table customers"}""", "unknown-table", "There is no table")]
    [InlineData("""{"table":"customers_pkey"}""", "unknown-table", "is an index, sequence or type")]
    [InlineData("""{"table":"customers","columns":["id","nam"]}""", "unknown-column", "has no column 'nam' (nearest: 'name'); it has 'id', 'name'")]
    [InlineData("""{"table":"failing"}""", "table-fails", "division by zero")]
    [InlineData("""{"table":"several"}""", "table-fails", "more than one row")]
    [InlineData("""{"table":"current"}""", "table-fails", "not yet defined in this session")]
    [InlineData("""{"table":"broken"}""", "table-fails", "relation \"gone\" does not exist); mend the view, what its functions use, or the data")]
    [InlineData("""{"table":"unfilled"}""", "not-readable", "refresh the materialized view")]
    public async Task Profile_OfWhatCannotBeRead_SaysWhy(string json, string code, string sentence)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            CREATE TABLE customers (id int PRIMARY KEY, name text);
            CREATE VIEW failing AS SELECT 1 / (n - 5000) AS n FROM generate_series(1, 10000) n;
            CREATE MATERIALIZED VIEW unfilled AS SELECT 1 AS n WITH NO DATA;
            CREATE VIEW several AS SELECT (SELECT n FROM generate_series(1, 2) n) AS n;
            CREATE SEQUENCE q; CREATE VIEW current AS SELECT currval('q') AS n;
            CREATE FUNCTION count_gone() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM gone); END'; CREATE VIEW broken AS SELECT count_gone() AS n
            """);

        var failure = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsync(json));

        Assert.Equal(code, failure.Code);
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_OfAMistypedTable_SuggestsReadableTablesOnly()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table customers (id int); create table customer2 (id int); revoke select on customer2 from slowlane_job");
        await using var connection = await JobRole.OpenAsync(database.Source, TestContext.Current.CancellationToken);
        var (input, _) = ProfileRun.Parse("""{"table":"customer"}""");

        var failure = await Assert.ThrowsAsync<JobException>(() => ProfileRun.ComputeAsync(input, connection, ProfileRun.Context(TestContext.Current.CancellationToken)));

        Assert.Contains("similar: public.customers. A plain", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP TABLE t")]
    [InlineData("ALTER TABLE t DROP COLUMN word")]
    [InlineData("ALTER TABLE t ALTER COLUMN n TYPE point USING point(n, n)")]
    public async Task Profile_OfATableChangedMeanwhile_SaysSo(string change)
    {
        var token = TestContext.Current.CancellationToken;
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t AS SELECT 1 AS n, 'x' AS word");
        await using var connection = await database.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(token);
        var reading = new TableReading(ProfileRun.Parse("""{"table":"t"}""").Input, connection);
        var source = await reading.BeginAsync(token);
        await database.ExecuteAsync(change);

        var failure = await Assert.ThrowsAsync<JobException>(
            () => reading.ExplainAsync(() => TableReader.CopyAsync(source, TableSelect.Of(source), connection, token).ToListAsync(token).AsTask(), token));

        Assert.Equal("table-changed", failure.Code);
    }

    [Theory]
    [InlineData("public.plain", "grant select on public.plain to slowlane_job.")]
    [InlineData("\"Odd.\"\"Schema\".t", "grant select on \"Odd.\"\"Schema\".t to slowlane_job; grant usage on schema \"Odd.\"\"Schema\" to slowlane_job.")]
    public async Task Profile_WithoutTheRight_SaysWhatToGrant(string table, string remedy)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"create schema \"Odd.\"\"Schema\"; create table {table} as select 1 as n; revoke select on {table} from slowlane_job");
        await using var connection = await JobRole.OpenAsync(database.Source, TestContext.Current.CancellationToken);
        var (input, _) = ProfileRun.Parse($$"""{"table":{{System.Text.Json.JsonSerializer.Serialize(table)}}}""");

        var failure = await Assert.ThrowsAsync<JobException>(() => ProfileRun.ComputeAsync(input, connection, ProfileRun.Context(TestContext.Current.CancellationToken)));

        Assert.Equal("not-readable", failure.Code);
        Assert.Contains(remedy, failure.Message, StringComparison.Ordinal);
    }

    // Reading on to the end would be 10 TB: this ends only if the server is told to stop.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Profile_Cancelled_StopsReadingAndLeavesTheConnectionUsable(bool inFetch)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE VIEW v AS SELECT repeat('x', 10000) AS n FROM generate_series(1, 30000) a, generate_series(1, 30000) b");
        await using var connection = await database.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (input, _) = ProfileRun.Parse("""{"table":"v"}""");
        var context = ProfileRun.Context(inFetch ? TestContext.Current.CancellationToken : stop.Token);
        var fetch = ProfileRun.Job.FetchAsync(input, connection, inFetch ? stop.Token : TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => ProfileRun.Job.Compute(input, StopAfterOne(fetch, stop), context), TestContext.Current.CancellationToken));

        await using var command = new Npgsql.NpgsqlCommand("SELECT 1", connection);
        Assert.Equal(1, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Progress_FollowsThePlannersEstimate()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t AS SELECT n FROM generate_series(1, 1000) n; ANALYZE t");
        var context = ProfileRun.Context(TestContext.Current.CancellationToken);

        await database.ProfileAsync("""{"table":"t"}""", context);

        Assert.Equal(0.99, context.Progress);
    }

    private static IEnumerable<ProfileChunk> StopAfterOne(IAsyncEnumerable<ProfileChunk> fetch, CancellationTokenSource stop)
    {
        foreach (var chunk in fetch.ToBlockingEnumerable(CancellationToken.None))
        {
            yield return chunk;
            stop.Cancel();
        }
    }
}
