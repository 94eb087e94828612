using Microsoft.Extensions.Configuration;

namespace Slowlane.LocalHost.App;

/// <summary>The prefix of every route.</summary>
internal static class RoutePrefix
{
    /// <summary><c>extensions.http.routePrefix</c> of host.json without slashes at its ends. The default is <c>api</c>.</summary>
    public static string Read(IConfiguration hostJson) => (hostJson["extensions:http:routePrefix"] ?? "api").Trim('/');

    /// <summary>A function's route with the prefix.</summary>
    public static string Join(string prefix, string route) => prefix.Length == 0 ? route : prefix + "/" + route;
}
