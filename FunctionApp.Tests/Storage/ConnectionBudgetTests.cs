using Microsoft.Extensions.Configuration;
using Slowlane.Settings;
using Slowlane.Storage.Connections;
using Xunit;

namespace Slowlane.Tests.Storage;

[Trait("Category", "Fast")]
public sealed class ConnectionBudgetTests
{
    [Theory]
    [InlineData("Host=h;Maximum Pool Size=8", 1, 2, 3, 4)]
    [InlineData("Host=h;MaxPoolSize=16", 1, 2, 3, 12)]
    [InlineData("Host=h;Maximum Pool Size=11", 2, 2, 5, 5)]
    [InlineData("Host=h;Maximum Pool Size=21", 4, 4, 11, 9)]
    [InlineData("Host=h;Maximum Pool Size=9", 1, 1000, 3, 5)] // More lost computations than lanes don't each reserve a connection.
    [InlineData("Host=h", 2, 2, 5, 94)] // Npgsql's 100.
    [InlineData("Host=h", 32, 32, 95, 65)] // More than that is needed.
    [InlineData("Host=h;Maximum Pool Size=1;Pooling=false", 2, 2, 5, 94)] // Nothing is pooled, so the limit limits nothing.
    public void Connections_AreDividedBetweenJobsAndEngine(string connection, int lanes, int maxLostLanes, int jobs, int engine)
        => Assert.Equal(new ConnectionBudget(jobs, engine), ConnectionBudget.Checked(connection, lanes, maxLostLanes));

    [Theory]
    [InlineData("2", "2", "Maximum Pool Size=2", "2 lanes", "needs 11: 5 ", "Set Maximum Pool Size to 11 or more, or lower Slowlane:Lanes.")]
    [InlineData("7", "1", "Maximum Pool Size=7", "1 lanes", "needs 8: 3 ", "Set Maximum Pool Size to 8 or more")]
    public void PoolThatIsSmallerThanTheLanesNeed_IsRefusedWithTheNumberAndTheSetting(string size, string lanes, params string[] sentences)
    {
        var error = Assert.Throws<SettingException>(() => Options($"Host=h;Password=hidden;Maximum Pool Size={size}", lanes));

        Assert.All(sentences, sentence => Assert.Contains(sentence, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("hidden", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pools_TakeTogetherWhatTheConnectionStringAllows()
    {
        var options = Options("Host=h;Maximum Pool Size=20;Minimum Pool Size=9", "2");

        var (engine, jobs) = (ConnectionSettings.ForEngine(options), ConnectionSettings.ForJobs(options));
        Assert.Equal((14, 5, 20), (engine.MaxPoolSize, jobs.MaxPoolSize, engine.MaxPoolSize + jobs.MaxPoolSize + 1)); // One listens.
        Assert.Equal((9, 5), (engine.MinPoolSize, jobs.MinPoolSize));
    }

    private static SlowlaneOptions Options(string connection, string lanes) => SlowlaneOptions.From(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Slowlane:Database"] = connection,
            ["Slowlane:Lanes"] = lanes,
        })
        .Build());
}
