using System.Text.Json;
using Slowlane.Profiling;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class ProfileTablesTests
{
    [Fact]
    public async Task Write_OfAReport_CanBeQueried()
    {
        await using var database = await CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t AS SELECT n, n::text AS word, n % 2 = 0 AS even FROM generate_series(1, 100) n");
        var report = await database.TableAsync("t");

        var id = await WriteAsync(database, report);

        Assert.Equal("public.t", await database.QueryAsync<string>($"SELECT table_name FROM slowlane.profile WHERE job_id = '{id}'"));
        Assert.Equal(50.5, await database.QueryAsync<double>("SELECT median FROM slowlane.profile_column WHERE name = 'n'"));
        Assert.Equal("50", await database.QueryAsync<string>("SELECT details->'booleans'->>'true' FROM slowlane.profile_column WHERE name = 'even'"));
        Assert.Equal(3L, await database.QueryAsync<long>("SELECT count(*) FROM slowlane.profile_column"));
    }

    [Fact]
    public async Task Write_OfVisibleRowsAlone_IsTold()
    {
        await using var database = await CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t AS SELECT 1 AS n; CREATE TABLE u AS SELECT 1 AS n");

        await WriteAsync(database, await database.TableAsync("t"));
        await WriteAsync(database, await database.TableAsync("u", ""","rowSecurity":true"""));

        Assert.Equal("public.t false, public.u true", await database.QueryAsync<string>("SELECT string_agg(table_name || ' ' || row_security, ', ' ORDER BY table_name) FROM slowlane.profile"));
    }

    [Fact]
    public async Task Write_OfSomeRows_SaysOfWhich()
    {
        await using var database = await CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t AS SELECT 'x' AS word");

        await WriteAsync(database, await database.TableAsync("t", ""","where":{"word":["x",1e999999]},"sample":0.25"""));

        Assert.Equal("""{"word":["x",1e999999]}""", await database.QueryAsync<string>("SELECT where_values::text FROM slowlane.profile"));
        Assert.Equal(0.25, await database.QueryAsync<double>("SELECT sample_fraction FROM slowlane.profile"));
    }

    [Fact]
    public async Task Write_OfInlineRows_AndOfNoColumns_Succeeds()
    {
        await using var database = await CreateAsync();

        await WriteAsync(database, await database.ProfileAsync("""{"rows":[{"a":[1,"\u0000"],"b":"\\u0000"},{"a":{"x":"\ud800"},"b":1}]}"""));
        await WriteAsync(database, await database.ProfileAsync("""{"rows":[{},{}]}"""));

        Assert.Equal(2L, await database.QueryAsync<long>("SELECT count(*) FROM slowlane.profile WHERE kind = 'rows' AND row_count = 2"));
    }

    [Fact]
    public async Task Report_AsJson_ReadsBackTheSame()
    {
        await using var database = await TestDatabase.CreateAsync();
        var report = await database.TableAsync("pg_catalog.pg_type");

        var json = JsonSerializer.Serialize(report, ProfileJson.Report.ProfileReport);
        var again = JsonSerializer.Serialize(JsonSerializer.Deserialize(json, ProfileJson.Report.ProfileReport)!, ProfileJson.Report.ProfileReport);

        Assert.Equal(json, again);
        Assert.Contains("\"standardDeviation\":", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_AsJson_HasLettersAsTheyAreAndNoMarkup()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t AS SELECT 'NaN'::float8 AS größe, '<Ω>' AS \"текст\"");

        var json = JsonSerializer.Serialize(await database.TableAsync("t"), ProfileJson.Report.ProfileReport);

        Assert.Contains("\"name\":\"größe\"", json, StringComparison.Ordinal);
        Assert.Contains("\"nan\":1", json, StringComparison.Ordinal);
        Assert.Contains("\"min\":\"\\u003CΩ\\u003E\"", json, StringComparison.Ordinal);
    }

    private static async Task<TestDatabase> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE SCHEMA slowlane; CREATE TABLE slowlane.job (id uuid PRIMARY KEY)");
        await database.ExecuteAsync(await AppMigrations.Profile.ReadAsync("0002_profile", CancellationToken.None));
        await database.ExecuteAsync(await AppMigrations.Profile.ReadAsync("profile_3_row_security", CancellationToken.None));
        await database.ExecuteAsync(await AppMigrations.Profile.ReadAsync("profile_4_where", CancellationToken.None));
        await database.ExecuteAsync(await AppMigrations.Profile.ReadAsync("profile_5_sample", CancellationToken.None));
        await database.ExecuteAsync(await AppMigrations.Profile.ReadAsync("profile_6_other_columns", CancellationToken.None));
        return database;
    }

    private static async Task<Guid> WriteAsync(TestDatabase database, ProfileReport report)
    {
        var context = ProfileRun.Context();
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var job = new Npgsql.NpgsqlCommand("INSERT INTO slowlane.job VALUES ($1)", connection, transaction) { Parameters = { new() { Value = context.Id.Value } } };
        await job.ExecuteNonQueryAsync();
        await ProfileRun.Job.WriteAsync(report, transaction, context, CancellationToken.None);
        await transaction.CommitAsync();
        return context.Id.Value;
    }
}
