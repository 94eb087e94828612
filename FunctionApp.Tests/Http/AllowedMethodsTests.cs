using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Http;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class AllowedMethodsTests
{
    [Theory]
    [InlineData("GET", null, "")]
    [InlineData("get", null, "")]
    [InlineData("HEAD", null, "")]
    [InlineData("OPTIONS", 204, "GET, HEAD, OPTIONS")]
    [InlineData("POST", 405, "GET, HEAD, OPTIONS")]
    [InlineData("PROPFIND", 405, "GET, HEAD, OPTIONS")]
    [InlineData("", 405, "GET, HEAD, OPTIONS")]
    public async Task Method_OfAGet_IsTakenOrTold(string method, int? status, string allow)
        => Assert.Equal((status, allow), await AnswerAsync(AllowedMethods.Get, method));

    [Theory]
    [InlineData("POST", null, "")]
    [InlineData("OPTIONS", 204, "POST, OPTIONS")]
    [InlineData("GET", 405, "POST, OPTIONS")]
    [InlineData("HEAD", 405, "POST, OPTIONS")]
    public async Task Method_OfAPost_IsTakenOrTold(string method, int? status, string allow)
        => Assert.Equal((status, allow), await AnswerAsync(AllowedMethods.Post, method));

    [Theory]
    [InlineData("spin", "POST, OPTIONS")]
    [InlineData("id", "GET, HEAD, OPTIONS")]
    [InlineData("nothing", "GET, HEAD, POST, OPTIONS")]
    public async Task Path_OfATypeOrAJob_TakesWhatItsNameStandsFor(string name, string allow)
    {
        var path = new JobPath(new JobRegistry([TestStores.Spin]));

        var methods = path.MethodsOf(name is "id" ? JobId.New(TimeProvider.System, 1).ToString() : name);

        Assert.Equal((405, allow), await AnswerAsync(methods, "DELETE"));
    }

    private static async Task<(int? Status, string Allow)> AnswerAsync(AllowedMethods methods, string method)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = method;
        if (methods.Refusal(context.Request) is not { } refusal)
        {
            return (null, context.Response.Headers.Allow.ToString());
        }

        await refusal.ExecuteAsync(context);
        return (context.Response.StatusCode, context.Response.Headers.Allow.ToString());
    }
}
