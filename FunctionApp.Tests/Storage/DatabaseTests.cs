using Npgsql;
using Slowlane.Storage;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class DatabaseTests
{
    [Theory]
    [InlineData("Host=h", 5)]
    [InlineData("Host=h;Timeout=40", 40)]
    public async Task Connecting_GivesUpSoonUnlessToldOtherwise(string text, int seconds)
    {
        await using var source = Database.Open(new SlowlaneOptions { Database = text, Storage = "" });

        Assert.Equal(seconds, new NpgsqlConnectionStringBuilder(source.ConnectionString).Timeout);
    }

    [Fact]
    public async Task StatementsOfJobs_HaveNoTimeLimitButDeadLinesAreNoticed()
    {
        await using var source = Database.Open(new SlowlaneOptions { Database = "Host=h;Command Timeout=7", Storage = "" });

        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        Assert.Equal((0, true), (settings.CommandTimeout, settings.TcpKeepAlive));
    }
}
