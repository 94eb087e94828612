using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Slowlane.LocalHost.Http;

/// <summary>The answer at the root, where no function has a route: the platform shows that the app runs, or answers 204 if the setting disables that.</summary>
internal sealed class Homepage(IConfiguration settings)
{
    private const string Page = "<!doctype html><html lang=\"en\"><title>Function app</title><p>The function app runs. The routes of its functions are in the host's output.</p></html>\n";

    private readonly bool _isDisabled = string.Equals(settings["AzureWebJobsDisableHomepage"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers a request that no route matches.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var isRoot = context.Request.Path.Value is "/";
        context.Response.StatusCode = !isRoot ? StatusCodes.Status404NotFound : _isDisabled ? StatusCodes.Status204NoContent : StatusCodes.Status200OK;
        if (!isRoot || _isDisabled)
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Page, context.RequestAborted);
    }
}
