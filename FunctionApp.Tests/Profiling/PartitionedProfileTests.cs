using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Profiling.Sources;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class PartitionedProfileTests
{
    private const string Begin = "begin isolation level repeatable read read only";

    [Fact]
    public async Task Parts_OfATableThatChangesMeanwhile_MergeToThePlainProfile()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table t as select n::bigint as id, (n % 7 = 0) as yes, (n % 1000)::smallint as small, sin(n) * exp(n % 40) as double, (cos(n) * 10)::real as single,
                case when n < 100000 then round(n::numeric / 7, n % 4) end as late, 'word ' || n % 500 as word, repeat('é', n % 60) || '😀' as unicode, decode(md5(n::text), 'hex') as raw,
                md5((n / 3)::text)::uuid as uuid, date '2000-01-01' + n % 5000 as day, time '00:00' + n * interval '0.1 s' as clock, timestamp '2020-01-01' + n * interval '1 s' as at,
                case when n = 150000 then timestamptz 'infinity' when n > 120000 then timestamptz '2020-01-01Z' + n * interval '1 min' end as zoned, n % 31 * interval '1 day' as span,
                jsonb_build_object('n', n % 100) as doc, array[n % 10] as numbers, null::text as nothing, 'the same' as constant
            from generate_series(1, 200000) n;
            delete from t where n_mod(id) or id between 60000 and 90000
            """.Replace("n_mod(id)", "id % 17 = 0", StringComparison.Ordinal));
        await database.ExecuteAsync("vacuum analyze t");
        var (input, _) = ProfileRun.Parse("""{"table":"t","partitions":5}""");
        await using var holder = await OpenAsync(database, Begin);
        var snapshot = await ScalarAsync(holder, "select pg_export_snapshot()");
        var whole = await database.TableAsync("t");

        var ranges = await ProfileRun.Job.SplitAsync(input, ProfileRun.Job.PartitionsOf(input), holder, Cancellation);
        await database.ExecuteAsync("insert into t select * from t limit 20000; update t set word = 'other'; delete from t where id % 2 = 0");
        var parts = await Task.WhenAll(ranges.Select(range => PartAsync(database, input, range, snapshot)));
        var merged = ProfileRun.Job.Merge(input, parts, ProfileRun.Context(Cancellation));

        Assert.Equal((5, 1), (merged.Partitions, whole.Partitions));
        Assert.Equal(whole.BytesRead + (4 * 21), merged.BytesRead); // Each stream has a header and an end.
        Assert.True(whole.RowCount > 100_000 && merged.StartedAt <= merged.FinishedAt && merged.Snapshot is not null);
        Assert.Equal(Exact(whole), Exact(merged));
        Assert.All(merged.Columns.Zip(whole.Columns), pair => Near(pair.First, pair.Second));
    }

    [Theory]
    [InlineData(""","where":{"k":[1,5,null],"word":["w2","w3"]}""")]
    [InlineData(""","where":{"k":3}""")]
    [InlineData(""","where":{"k":-1}""")]
    [InlineData(""","firstRows":5""")]
    [InlineData(""","firstRows":20,"where":{"n":[1,20000,39999]}""")]
    [InlineData(""","sample":0.1,"firstRows":20""")]
    [InlineData(""","sample":0.01,"where":{"k":3}""")]
    public async Task Parts_OfSomeRows_MergeToThePlainProfileOfThem(string more)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select n, nullif(n % 7, 6) as k, 'w' || n % 11 as word, repeat('x', 50) as fill from generate_series(1, 40000) n; create index on t (k); analyze t");
        var (input, errors) = ProfileRun.Parse($$"""{"table":"t","partitions":4{{more}}}""");
        await using var holder = await OpenAsync(database, Begin);
        var snapshot = await ScalarAsync(holder, "select pg_export_snapshot()");

        var ranges = await ProfileRun.Job.SplitAsync(input, ProfileRun.Job.PartitionsOf(input), holder, Cancellation);
        var parts = await Task.WhenAll(ranges.Select(range => PartAsync(database, input, range, snapshot)));
        var merged = ProfileRun.Job.Merge(input, parts, ProfileRun.Context(Cancellation));

        Assert.Empty(errors);
        Assert.Equal(4, merged.Partitions);
        Assert.Equal(Exact(await database.TableAsync("t", more)), Exact(merged));
    }

    [Fact]
    public async Task Parts_AreReadByRangeOfTheirPlace()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select n, repeat('x', 100) as word from generate_series(1, 20000) n; create materialized view m as select * from t");
        foreach (var table in new[] { "t", "m" })
        {
            var (input, _) = ProfileRun.Parse($$"""{"table":"{{table}}","partitions":3}""");
            await using var connection = await OpenAsync(database, Begin);
            var source = await Catalog.FindAsync(input, connection, Cancellation);
            var ranges = await ProfileRun.Job.SplitAsync(input, 3, connection, Cancellation);

            Assert.Equal(3, ranges.Count);
            foreach (var range in ranges)
            {
                Assert.Contains("Tid Range Scan", await ScalarAsync(connection, "explain " + TableSelect.Of(source, BlockRange.Parse(range))), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("small", 1)]
    [InlineData("nothing", 0)]
    [InlineData("seen", 0)]
    [InlineData("parts", 0)]
    [InlineData("parent", 0)]
    [InlineData("narrow", 64)]
    [InlineData("wide", 4)]
    public async Task Split_YieldsRangesWhereTheyMakeSense(string table, int expected)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"""
            create table narrow (word text); alter table narrow alter column word set storage plain; insert into narrow select repeat('x', 8000) from generate_series(1, 1100);
            create table wide (like narrow including storage); insert into wide select * from narrow; alter table wide {string.Join(", ", Enumerable.Range(1, 1000).Select(i => $"add c{i} int"))};
            create table small as select 1 as n; create table nothing (n int); create view seen as select * from narrow;
            create table parts (n int) partition by range (n); create table part1 partition of parts default; insert into parts select n from generate_series(1, 10000) n;
            create table parent as select n from generate_series(1, 10000) n; create table child () inherits (parent)
            """);
        var (input, _) = ProfileRun.Parse($$"""{"table":"{{table}}","partitions":64}""");
        await using var connection = await OpenAsync(database, Begin);

        Assert.Equal(expected, (await ProfileRun.Job.SplitAsync(input, 64, connection, Cancellation)).Count);
    }

    [Fact]
    public async Task Split_KeepsTheTableFromBeingRewritten_UntilItsTransactionEnds()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select n from generate_series(1, 20000) n");
        var (input, _) = ProfileRun.Parse("""{"table":"t","partitions":3}""");
        await using var holder = await OpenAsync(database, Begin);
        await ProfileRun.Job.SplitAsync(input, 3, holder, Cancellation);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync("set lock_timeout = '50ms'; truncate t"));
        await ScalarAsync(holder, "rollback");
        await database.ExecuteAsync("set lock_timeout = '10s'; truncate t");

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
    }

    [Theory]
    [InlineData("""{"table":"hiden","partitions":2}""", "unknown-table", "There is no table 'hiden'")]
    [InlineData("""{"table":"t","columns":["x"],"partitions":2}""", "unknown-column", "has no column 'x'")]
    [InlineData("""{"table":"hidden","partitions":2}""", "not-readable", "grant select on public.hidden to slowlane_job")]
    [InlineData("""{"table":"unfilled","partitions":2}""", "not-readable", "refresh the materialized view")]
    public async Task Split_AndPart_OfWhatCannotBeRead_SayWhyAsThePlainProfileDoes(string json, string code, string sentence)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select 1 as n; create table hidden as select 1 as n; revoke select on hidden from slowlane_job; create materialized view unfilled as select 1 as n with no data");
        var (input, _) = ProfileRun.Parse(json);

        foreach (var act in new Func<NpgsqlConnection, Task>[]
        {
            connection => ProfileRun.Job.SplitAsync(input, 2, connection, Cancellation),
            connection => ProfileRun.Job.FetchPartitionAsync(input, "0-1/1", connection, Cancellation).ToListAsync(Cancellation).AsTask(),
        })
        {
            await using var connection = await JobRole.OpenAsync(database.Source, Cancellation);
            await ScalarAsync(connection, Begin);
            var failure = await Assert.ThrowsAsync<JobException>(() => act(connection));
            Assert.Equal(code, failure.Code);
            Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        }
    }

    // A condition on ctid needs the right to read it; who may read whole tables has it.
    [Theory]
    [InlineData("n", 0)]
    [InlineData("n, ctid", 2)]
    public async Task Split_OfAllowedColumnsOnly_LeavesTheTableWhole(string allowed, int expected)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"create table t as select n, n as secret from generate_series(1, 20000) n; revoke select on t from slowlane_job; grant select ({allowed}) on t to slowlane_job");
        var (input, _) = ProfileRun.Parse("""{"table":"t","columns":["n"],"partitions":2}""");
        await using var connection = await JobRole.OpenAsync(database.Source, Cancellation);
        await ScalarAsync(connection, Begin);

        var ranges = await ProfileRun.Job.SplitAsync(input, 2, connection, Cancellation);

        Assert.Equal(expected, ranges.Count);
        foreach (var range in ranges)
        {
            Assert.NotEmpty(await ProfileRun.Job.FetchPartitionAsync(input, range, connection, Cancellation).ToListAsync(Cancellation));
        }
    }

    private static async Task<byte[]> PartAsync(TestDatabase database, ProfileInput input, string range, string snapshot)
    {
        await using var connection = await OpenAsync(database, $"{Begin}; set transaction snapshot '{snapshot}'");
        var chunks = ProfileRun.Job.FetchPartitionAsync(input, range, connection, Cancellation);
        return await Task.Run(() => ProfileRun.Job.ComputePartition(input, chunks.ToBlockingEnumerable(Cancellation), ProfileRun.Context(Cancellation)), Cancellation);
    }

    private static async Task<NpgsqlConnection> OpenAsync(TestDatabase database, string sql)
    {
        var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await ScalarAsync(connection, sql);
        return connection;
    }

    private static async Task<string> ScalarAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Written above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (await command.ExecuteScalarAsync(Cancellation))?.ToString() ?? "";
    }

    // All that is exact in both, and the estimates that don't depend on the split; what a sketch says of ranks and bins comes apart.
    private static string Exact(ProfileReport report) => JsonSerializer.Serialize(
        report with
        {
            Partitions = null,
            Snapshot = null,
            StartedAt = null,
            FinishedAt = null,
            BytesRead = 0,
            Columns = [.. report.Columns.Select(column => column with
            {
                Numbers = column.Numbers is { Quantiles.Exact: false } numbers ? numbers with { Quantiles = null, Outliers = null, Histogram = null } : column.Numbers,
                Times = column.Times is { Histogram.Exact: false } times ? times with { Quantiles = null, Histogram = null } : column.Times,
                Top = column.Top is { Exact: true } ? column.Top : null,
            })],
        },
        ProfileJson.Report.ProfileReport);

    private static void Near(ColumnProfile merged, ColumnProfile whole)
    {
        Assert.Equal(whole.Top?.Exact, merged.Top?.Exact);
        if (whole.Numbers?.Histogram is { } expected && merged.Numbers?.Histogram is { } actual)
        {
            Assert.Equal((expected.Exact, expected.CountError), (actual.Exact, actual.CountError));
            Assert.All(expected.Bins.Zip(actual.Bins), pair => Assert.InRange(pair.Second.Count, pair.First.Count - (2 * expected.CountError * whole.Count), pair.First.Count + (2 * expected.CountError * whole.Count)));
        }
    }
}
