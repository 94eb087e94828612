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
        => Assert.Equal(new HostLimits(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(230), TimeSpan.FromMinutes(30), 128), Read("Other", "1"));

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

    [Theory]
    [InlineData("", 30 * 60)]
    [InlineData("00:00:01", 1)]
    [InlineData("1.00:00:00", 24 * 60 * 60)]
    [InlineData("-1", -0.001)] // No limit.
    [InlineData("50.00:00:00", -0.001)]
    public void FunctionTimeout_OfHostJson_IsTheLimitOfAnInvocation(string text, double seconds)
        => Assert.Equal(TimeSpan.FromSeconds(seconds), HostLimits.Read(Settings("a", "b"), Settings("functionTimeout", text)).Function);

    [Theory]
    [InlineData("abc")]
    [InlineData("00:00:00.5")]
    [InlineData("-2")]
    public void FunctionTimeout_ThatIsNoTime_IsNamedWithTheRemedy(string text)
        => Assert.Equal(
            $"functionTimeout in host.json, or the setting AzureFunctionsJobHost__functionTimeout, is \"{text}\": choose a time as hh:mm:ss of one second or longer, or -1 for no limit.",
            Assert.Throws<CannotStartException>(() => HostLimits.Read(Settings("a", "b"), Settings("functionTimeout", text))).Message);

    private static HostLimits Read(string name, string value) => HostLimits.Read(Settings($"LocalHost:{name}", value), Settings("a", "b"));

    private static IConfigurationRoot Settings(string name, string value)
        => new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)value)]).Build();
}
