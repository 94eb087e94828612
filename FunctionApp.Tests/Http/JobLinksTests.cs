using Microsoft.AspNetCore.Http;
using Slowlane.Http;
using Slowlane.Jobs;
using Xunit;

namespace Slowlane.Tests.Http;

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

        Assert.Equal($"{prefix}/jobs/{id}", JobLinks.To(request, route, id));
    }
}
