using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Settings;

[Trait("Category", "Fast")]
public sealed class ProxyBypassTests
{
    private const string Loopback = "localhost,127.0.0.1,[::1]";

    [Theory]
    [InlineData(null, null, Loopback, Loopback)]
    [InlineData("", " ", Loopback, Loopback)]
    [InlineData(null, "a.example", "a.example," + Loopback, "a.example," + Loopback)] // Clients prefer the lower one.
    [InlineData("b.example", null, "b.example," + Loopback, "b.example," + Loopback)]
    [InlineData("b.example", "a.example", "b.example," + Loopback, "a.example," + Loopback)]
    [InlineData("LOCALHOST, .corp", "", "LOCALHOST,.corp,127.0.0.1,[::1]", "LOCALHOST,.corp,127.0.0.1,[::1]")]
    public void NoProxy_ThatTheUserGave_IsKeptAndExtended(string? lower, string? upper, string thenLower, string thenUpper)
    {
        Assert.Equal((thenLower, thenUpper), ProxyBypass.Extended(lower, upper, []));
        Assert.Equal((thenLower, thenUpper), Slowlane.Settings.ProxyBypass.Extended(lower, upper));
    }

    [Theory]
    [InlineData("AccountName=a;BlobEndpoint=http://127.0.0.2:1/a;QueueEndpoint=HTTP://127.0.0.3:2/a", Loopback + ",127.0.0.2,127.0.0.3")]
    [InlineData("http://[::ffff:127.0.0.1]:4317", Loopback + ",[::ffff:127.0.0.1]")]
    [InlineData("DefaultEndpointsProtocol=https;BlobEndpoint=https://mine.blob.core.windows.net", Loopback)]
    [InlineData("http://localhost:1", Loopback)]
    [InlineData("http://", Loopback)]
    [InlineData(null, Loopback)]
    public void LoopbackAddress_ThatASettingNames_IsNotAskedThroughAProxyEither(string? setting, string noProxy)
        => Assert.Equal((noProxy, noProxy), ProxyBypass.Extended(null, null, [setting]));
}
