using Microsoft.AspNetCore.Http;
using Slowlane.Http;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class WaitPreferenceTests
{
    [Theory]
    [InlineData(null, null, 0, false)]
    [InlineData("wait=5", null, 5, true)]
    [InlineData("respond-async, wait=5", null, 5, true)]
    [InlineData("WAIT=\"7\"; foo=bar", null, 7, true)]
    [InlineData("wait=999", null, 200, true)]
    [InlineData("wait=99999999999999999999", null, 200, true)]
    [InlineData("wait=1e3", null, 0, false)]
    [InlineData("wait=", null, 0, false)]
    [InlineData("wait=soon", null, 0, false)]
    [InlineData("wait=-5", null, 0, false)]
    [InlineData("wait=5", "9", 5, true)]
    [InlineData(null, "9", 9, false)]
    [InlineData(null, "0", 0, false)]
    public void Wait_IsReadFromHeaderThenQuery(string? prefer, string? query, int seconds, bool preferred)
    {
        Assert.True(WaitPreference.TryRead(Request(prefer, query), out var wait, out var byHeader, out _));
        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
        Assert.Equal(preferred, byHeader);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("201")]
    [InlineData("99999999999999999999")]
    public void Wait_ThatIsNoNumberOfSeconds_IsRefusedWithItsBounds(string query)
    {
        Assert.False(WaitPreference.TryRead(Request(null, query), out _, out _, out var fault));
        Assert.Equal($"'wait' is '{query}'; send whole seconds from 0 to 200.", fault);
    }

    private static HttpRequest Request(string? prefer, string? wait)
    {
        var request = new DefaultHttpContext().Request;
        if (prefer is not null)
        {
            request.Headers["Prefer"] = prefer;
        }

        request.QueryString = wait is null ? default : QueryString.Create("wait", wait);
        return request;
    }
}
