using Npgsql;
using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Storage.Connections;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class StoredTextTests
{
    private const string Text = "é ☃ 😀";

    [Theory]
    [InlineData("Client Encoding=LATIN1", "")]
    [InlineData("Options=-c client_encoding=LATIN1", "")]
    [InlineData("", "alter database {0} set client_encoding = 'LATIN1'")]
    public async Task Text_OfASessionThatIsGivenAnotherEncoding_IsStoredAndReadAsItIs(string connection, string setting)
    {
        await using var database = await TestDatabase.CreateAsync();
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        await database.ExecuteAsync($"select 1; {setting.Replace("{0}", name, StringComparison.Ordinal)}");
        var options = new SlowlaneOptions { Database = $"{database.ConnectionString};{connection}", Storage = "" };
        await using var pools = DatabasePools.Open(options);
        using var ready = new Database(pools, AppMigrations.Of(pools.Engine), TimeProvider.System);
        var envelope = new Envelope(JobId.New(TimeProvider.System, TestStores.Spin.Tag), "spin", $$"""{"id":1,"note":"{{Text}}"}""", null);

        var claim = await new ClaimStore(ready, options).ClaimAsync(envelope, TestStores.Spin, Cancellation);

        Assert.Contains(Text, claim!.Input, StringComparison.Ordinal);
        Assert.Contains(Text, await database.QueryAsync<string>("select input from slowlane.job"), StringComparison.Ordinal);
        await using var job = await JobRole.OpenAsync(ready.Jobs, Cancellation);
        await using var length = new NpgsqlCommand("select length($1)", job) { Parameters = { new() { Value = Text } } };
        Assert.Equal(5, await length.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Options_OfTheConnectionString_ReachEverySession()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var pools = DatabasePools.Open(new SlowlaneOptions { Database = database.ConnectionString + ";Options=-c work_mem=7MB", Storage = "" });

        foreach (var pool in (NpgsqlDataSource[])[pools.Engine, pools.Jobs])
        {
            await using var command = pool.CreateCommand("show work_mem");
            Assert.Equal("7MB", await command.ExecuteScalarAsync(Cancellation));
        }
    }
}
