using Microsoft.AspNetCore.Http;
using Slowlane.Http;
using Slowlane.Jobs;
using Slowlane.Settings;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class JobLinksTests
{
    [Theory]
    [InlineData("/api/profile", "profile", "/api")]
    [InlineData("/api/jobs/spin", "jobs/{type}", "/api")]
    [InlineData("/api/jobs/spin/", "jobs/{type}", "/api")]
    [InlineData("/api/jobs/x/result", "jobs/{id}/result", "/api")]
    [InlineData("/profile", "profile", "")]
    [InlineData("/a/b/jobs/spin", "jobs/{type}", "/a/b")]
    public void Link_KeepsThePrefixThatTheHostServes(string path, string route, string prefix)
    {
        var id = JobId.New(TimeProvider.System, 1);
        var request = new DefaultHttpContext { Request = { Path = path } }.Request;

        Assert.Equal($"{prefix}/jobs/{id}", Links(ForwardedHeaders.None).To(request, route, id));
    }

    [Theory]
    [InlineData(null, "https", "a.example", "/x", "/api")]
    [InlineData("Host", "https", "a.example", "/x", "http://a.example/api")]
    [InlineData("proto, HOST", "https", "a.example:8443", "/x", "https://a.example:8443/api")]
    [InlineData("Proto,Host,Prefix", "HTTPS, http", "a.example, b.internal", "/x/y/, /z", "https://a.example/x/y/api")]
    [InlineData("Proto,Host,Prefix", null, null, null, "/api")]
    [InlineData("Prefix", "https", "a.example", "/x", "/x/api")]
    [InlineData("Host", null, "[2001:db8::1]:80", null, "http://[2001:db8::1]:80/api")]
    [InlineData("Host", null, "a.example:443", null, "http://a.example:443/api")]
    [InlineData("Proto,Host", "javascript", "a.example", null, "http://a.example/api")]
    [InlineData("Host", null, "a.example/x", null, "/api")]
    [InlineData("Host", null, "user@a.example", null, "/api")]
    [InlineData("Host", null, "a example", null, "/api")]
    [InlineData("Host", null, "a.example:99999", null, "/api")]
    [InlineData("Host", null, "a.example:", null, "/api")]
    [InlineData("Host", null, "a..example", null, "/api")]
    [InlineData("Prefix", null, null, "//evil.example", "/api")]
    [InlineData("Prefix", null, null, "/x/../y", "/api")]
    [InlineData("Prefix", null, null, "x", "/api")]
    [InlineData("Prefix", null, null, "/x?y", "/api")]
    [InlineData("Prefix", null, null, "/", "/api")]
    public void Link_BehindAProxy_SaysWhatTheTrustedHeadersSay(string? setting, string? proto, string? host, string? prefix, string root)
    {
        var request = new DefaultHttpContext { Request = { Path = "/api/profile", Scheme = "http" } }.Request;
        request.Headers["X-Forwarded-Proto"] = proto;
        request.Headers["X-Forwarded-Host"] = host;
        request.Headers["X-Forwarded-Prefix"] = prefix;

        Assert.Equal(root, Links(ForwardedHeadersSetting.Parse(setting)).Root(request, "profile"));
    }

    [Theory]
    [InlineData("Host, For", "The setting Slowlane:ForwardedHeaders has 'For'; choose from Proto, Host and Prefix, with commas between, or leave it out.")]
    [InlineData("Proto", "The setting Slowlane:ForwardedHeaders has 'Proto' without 'Host', which has no effect; choose both.")]
    public void Setting_ThatCannotBeMeant_IsRefusedWithTheRemedy(string setting, string sentence)
        => Assert.Equal(sentence, Assert.Throws<SettingException>(() => ForwardedHeadersSetting.Parse(setting)).Message);

    private static JobLinks Links(ForwardedHeaders forwarded) => new(new SlowlaneOptions { Storage = "", Database = "", ForwardedHeaders = forwarded });
}
