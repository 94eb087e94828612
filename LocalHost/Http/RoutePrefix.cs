using Microsoft.Extensions.Configuration;

namespace Slowlane.LocalHost.Http;

/// <summary>What every route begins with.</summary>
internal static class RoutePrefix
{
    /// <summary><c>extensions.http.routePrefix</c> of host.json without slashes at its ends; <c>api</c> when it says nothing.</summary>
    public static string Read(IConfiguration hostJson) => (hostJson["extensions:http:routePrefix"] ?? "api").Trim('/');

    /// <summary>The route of a function, under the prefix.</summary>
    public static string Join(string prefix, string route) => prefix.Length == 0 ? route : prefix + "/" + route;
}
