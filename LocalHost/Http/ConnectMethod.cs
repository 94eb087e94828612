using Microsoft.AspNetCore.Http;

namespace Slowlane.LocalHost.Http;

/// <summary>
/// Refuses <c>CONNECT</c> with 405. It asks for a tunnel, so no HTTP client forwards it to a resource. The function is asked for its methods
/// instead, by <c>OPTIONS</c>.
/// </summary>
internal static class ConnectMethod
{
    /// <summary>Turns a request for a tunnel into one for the methods, and the answer to that into a 405 with <c>Allow</c>.</summary>
    public static void Replace(HttpContext context)
    {
        if (HttpMethods.IsConnect(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Options;
            context.Response.OnStarting(Refuse, context.Response);
        }
    }

    private static Task Refuse(object state)
    {
        var response = (HttpResponse)state;
        if (response.StatusCode < StatusCodes.Status300MultipleChoices)
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = response.Headers.Allow is [] ? HttpMethods.Options : response.Headers.Allow; // It has just taken that one.
        }

        return Task.CompletedTask;
    }
}
