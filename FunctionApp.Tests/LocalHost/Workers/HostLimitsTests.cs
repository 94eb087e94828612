using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Settings;
using Slowlane.LocalHost.Workers;
using Xunit;

namespace Slowlane.Tests.LocalHost.Workers;

[Trait("Category", "Fast")]
public sealed class HostLimitsTests
{
    [Fact]
    public void Limits_UnlessSet_AreThePlatforms()
        => Assert.Equal(new HostLimits(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(230), 128), Read("Other", "1"));

    [Fact]
    public void Limits_ThatAreSet_Hold()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), Read("StartSeconds", "1").Start);
        Assert.Equal(TimeSpan.FromSeconds(86_400), Read("RequestSeconds", "86400").Request);
        Assert.Equal(2047 << 20, Read("MessageMebibytes", "2047").MessageBytes);
    }

    [Theory]
    [InlineData("StartSeconds", "0", 86_400)]
    [InlineData("StartSeconds", "86401", 86_400)]
    [InlineData("RequestSeconds", "1.5", 86_400)]
    [InlineData("RequestSeconds", "", 86_400)]
    [InlineData("MessageMebibytes", "2048", 2047)]
    public void Limit_OutOfBounds_IsNamedWithThem(string name, string value, int max)
        => Assert.Equal($"The setting LocalHost:{name} is '{value}'; choose a whole number from 1 to {max}.", Assert.Throws<CannotStartException>(() => Read(name, value)).Message);

    private static HostLimits Read(string name, string value)
        => HostLimits.Read(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create($"LocalHost:{name}", (string?)value)]).Build());
}
