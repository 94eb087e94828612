using Npgsql;
using Slowlane.Settings;
using Slowlane.Storage.Connections;
using Xunit;

namespace Slowlane.Tests.Storage;

[Trait("Category", "Fast")]
public sealed class ConnectionSettingsTests
{
    [Theory]
    [InlineData("h", true, 30, 5)]
    [InlineData("h,other:5433", true, 30, 5)]
    [InlineData("/var/run/postgresql", false, 0, 0)]
    [InlineData("@abstract", false, 0, 0)]
    [InlineData("/var/run/postgresql,/tmp:5433", false, 0, 0)]
    [InlineData("h, /var/run/postgresql", true, 0, 0)] // The times would keep the socket from connecting.
    [InlineData("/var/run/postgresql;TcpKeepAliveTime=7;TcpKeepAliveInterval=3", false, 0, 0)]
    [InlineData("h;TcpKeepAliveTime=7", true, 7, 0)]
    public void TcpKeepAlive_IsSetWhereEveryHostTakesIt(string host, bool isOn, int time, int interval)
    {
        var builder = ConnectionSettings.ForEngine(Options($"Host={host}"));

        Assert.Equal((isOn, time, interval), (builder.TcpKeepAlive, builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval));
    }

    [Theory]
    [InlineData("Host=h", null)]
    [InlineData("Host=h,other", "primary")]
    [InlineData("Host=h,other;Target Session Attributes=any", "any")]
    public void ServerOfAList_IsTheOneThatTakesWrites(string connection, string? target)
        => Assert.Equal(target, ConnectionSettings.ForEngine(Options(connection)).TargetSessionAttributes);

    [Theory]
    [InlineData("Host=h", "slowlane", "slowlane jobs", "slowlane listener")]
    [InlineData("Host=h;Application Name=shop", "shop", "shop jobs", "shop listener")]
    public void Connections_AreNamedByWhatTheyAreFor(string connection, string engine, string jobs, string listener)
        => Assert.Equal([engine, jobs, listener], All(connection).Select(builder => builder.ApplicationName), StringComparer.Ordinal);

    [Theory]
    [InlineData("Host=h")]
    [InlineData("Host=h;Client Encoding=LATIN1;Encoding=iso-8859-1")]
    public void Text_TravelsAsUtf8(string connection)
        => Assert.All(All(connection), builder => Assert.Equal(("UTF8", "UTF8"), (builder.ClientEncoding, builder.Encoding)));

    [Fact]
    public void Options_OfTheConnectionString_AreKept()
        => Assert.All(All("Host=h;Options=-c work_mem=7MB"), builder => Assert.Equal("-c work_mem=7MB", builder.Options));

    private static NpgsqlConnectionStringBuilder[] All(string connection)
        => [ConnectionSettings.ForEngine(Options(connection)), ConnectionSettings.ForJobs(Options(connection)), ConnectionSettings.ForListening(Options(connection))];

    private static SlowlaneOptions Options(string connection) => new() { Database = connection, Storage = "" };
}
