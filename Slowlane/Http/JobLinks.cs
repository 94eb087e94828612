using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;
using Slowlane.Settings;

namespace Slowlane.Http;

/// <summary>Links to jobs, under the route prefix of the host and behind the proxies that the settings trust.</summary>
internal sealed class JobLinks(SlowlaneOptions options)
{
    /// <summary>The link to a job's status document: a path, or an absolute URI if <c>X-Forwarded-Host</c> is trusted.</summary>
    /// <param name="request">The request of an HTTP function.</param>
    /// <param name="route">The route of that function. Everything before it in the path is the host's prefix.</param>
    /// <param name="id">The job.</param>
    public string To(HttpRequest request, string route, JobId id) => $"{Root(request, route)}/jobs/{id}";

    /// <summary>The base of every route.</summary>
    public string Root(HttpRequest request, string route)
        => $"{Forwarded.Base(request, options.ForwardedHeaders)}{request.PathBase}{Prefix(request.Path.Value ?? "", Segments(route))}";

    /// <summary>The link to the next page of a list, also as the header <c>Link</c> (RFC 8288).</summary>
    /// <param name="request">The request of an HTTP function.</param>
    /// <param name="route">The route of that function.</param>
    /// <param name="query">The query of the next page. Null if there is none.</param>
    public string? NextPage(HttpRequest request, string route, string? query)
    {
        var next = query is null ? null : $"{Root(request, route)}/{route}{query}";
        if (next is not null)
        {
            request.HttpContext.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        return next;
    }

    private static int Segments(string route) => route.AsSpan().Count('/') + 1;

    private static string Prefix(string path, int segments)
    {
        var end = path.Length;
        while (end > 0 && path[end - 1] == '/')
        {
            end--;
        }

        for (; segments > 0 && end > 0; segments--)
        {
            end = path.LastIndexOf('/', end - 1);
        }

        return end <= 0 ? "" : path[..end];
    }
}
