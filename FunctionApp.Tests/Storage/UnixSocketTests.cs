using System.Globalization;
using Npgsql;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

/// <summary>The test server listens on a Unix socket, too, where the system has those.</summary>
public sealed class UnixSocketTests
{
    [Theory]
    [InlineData("{0}")]
    [InlineData("{0}:{1},127.0.0.1:{1}")]
    [InlineData("127.0.0.1:{1},{0}:{1}")]
    public async Task Database_OnAUnixSocketOfTheServer_AnswersEngineJobsAndListener(string hosts)
    {
        await using var database = await TestDatabase.CreateAsync();
        var folder = await database.QueryAsync<string>("show unix_socket_directories");
        Assert.SkipWhen(folder.Length == 0, "The test server has no Unix socket on this system.");
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        connection.Host = hosts.Replace("{0}", folder, StringComparison.Ordinal).Replace("{1}", connection.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var options = new SlowlaneOptions { Database = connection.ConnectionString, Storage = "" };

        foreach (var open in new Func<SlowlaneOptions, NpgsqlDataSource>[] { Database.Open, Database.OpenForJobs, Database.OpenForListening })
        {
            await using var source = open(options);
            Assert.Equal(hosts.StartsWith("{0}", StringComparison.Ordinal), await IsOnSocketAsync(source));
        }
    }

    private static async Task<bool> IsOnSocketAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select inet_server_addr() is null");
        return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
