using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.App;
using Xunit;

namespace Slowlane.Tests.LocalHost.App;

[Trait("Category", "Fast")]
public sealed class HostScaleTests
{
    [Theory]
    [InlineData(0, 4, 4)]
    [InlineData(1, 4, 4)]
    [InlineData(2, 4, 2)]
    [InlineData(3, 4, 1)]
    [InlineData(8, 4, 1)]
    public void Lanes_AreTheCoresSharedOut(int workers, int cores, int lanes) => Assert.Equal(lanes, HostScale.Lanes(workers, cores));

    [Fact]
    public void Threshold_ThatIsNoNumber_StandsToBeRefused()
        => Assert.DoesNotContain("extensions:queues:newBatchThreshold", HostScale.Overrides(Json(("extensions:queues:newBatchThreshold", "few")), Json(), 2, 1));

    // The extension takes up to batch size + threshold messages at a time: what all workers together have room for.
    [Theory]
    [InlineData("1", "0", 1, 1, "0")]
    [InlineData("1", "0", 4, 1, "3")]
    [InlineData("1", "0", 2, 3, "5")]
    [InlineData("8", "4", 2, 1, "16")]
    [InlineData("8", null, 2, 1, "16")]
    [InlineData(null, null, 1, 1, "8")]
    [InlineData("many", null, 1, 1, "8")]
    [InlineData("16", "2000000000", 2, 1, "2147483647")]
    [InlineData("2000000000", "2000000000", 1, 1, "2000000000")]
    public void Messages_TakenAtATime_AreAnInstancesForEachWorker(string? batch, string? threshold, int workers, int lanes, string scaled)
    {
        var overrides = HostScale.Overrides(Json(("extensions:queues:batchSize", batch), ("extensions:queues:newBatchThreshold", threshold)), Json(), workers, lanes);

        Assert.Equal(scaled, overrides["extensions:queues:newBatchThreshold"]);
    }

    [Theory]
    [InlineData("1", 2, 1, "2")]
    [InlineData("1", 2, 4, "8")]
    [InlineData("10", 2, 4, "20")]
    [InlineData("2000000000", 2, 4, "2147483647")]
    [InlineData("0", 2, 4, null)]
    [InlineData(null, 2, 4, null)]
    public void Activities_AtATime_AreAnInstancesForEachWorker(string? activities, int workers, int lanes, string? scaled)
    {
        var overrides = HostScale.Overrides(Json(("extensions:durableTask:maxConcurrentActivityFunctions", activities)), Json(), workers, lanes);

        Assert.Equal(scaled, overrides.GetValueOrDefault("extensions:durableTask:maxConcurrentActivityFunctions"));
    }

    [Theory]
    [InlineData("extensions:queues:batchSize")]
    [InlineData("extensions:queues:newBatchThreshold")]
    public void Messages_WhereTheEnvironmentSaysHowMany_AreAsManyAsItSays(string given)
        => Assert.DoesNotContain("extensions:queues:newBatchThreshold", HostScale.Overrides(Json(("extensions:queues:batchSize", "1")), Json((given, "3")), 2, 1));

    private static IConfiguration Json(params (string Key, string? Value)[] values)
        => new ConfigurationBuilder().AddInMemoryCollection(values.Where(value => value.Value is not null).Select(value => KeyValuePair.Create(value.Key, value.Value))).Build();
}
