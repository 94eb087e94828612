using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Http;

/// <summary>The routes of an app, matched in the order of the function names. The first match wins, even if a later route is more specific.</summary>
internal sealed class RouteTable
{
    private static readonly string[] Reserved = ["admin", "runtime"];

    private readonly HttpRoute[] _routes;

    private RouteTable(HttpRoute[] routes) => _routes = routes;

    /// <summary>Reads the routes of <paramref name="functions"/>, which must be sorted by name.</summary>
    /// <exception cref="CannotStartException">A route is invalid, is reserved for the host, or is a duplicate.</exception>
    public static RouteTable Create(IEnumerable<FunctionDefinition> functions, string prefix)
    {
        var routes = functions.Select(function => new HttpRoute(function, prefix)).ToArray();
        for (var i = 0; i < routes.Length; i++)
        {
            RefuseReserved(routes[i]);
            for (var j = 0; j < i; j++)
            {
                RefuseTaken(routes[j], routes[i]);
            }
        }

        return new RouteTable(routes);
    }

    /// <summary>The first function that matches this method and path, and the route values.</summary>
    public HttpRoute? Find(string method, PathString path, out RouteValueDictionary values)
    {
        values = [];
        foreach (var route in _routes)
        {
            if (route.Trigger.Answers(method))
            {
                if (route.Matches(path, values))
                {
                    return route;
                }

                values.Clear();
            }
        }

        return null;
    }

    private static void RefuseReserved(HttpRoute route)
    {
        var first = route.Trigger.Template.Split('/')[0];
        if (Reserved.Contains(first, StringComparer.OrdinalIgnoreCase))
        {
            throw CannotStartException.Usage($"The function {route.Function.Name} has the route \"{route.Template}\", whose \"{first}\" is the host's own: begin it with another word.");
        }
    }

    private static void RefuseTaken(HttpRoute earlier, HttpRoute later)
    {
        if (!string.Equals(earlier.Template, later.Template, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var shared = earlier.Trigger.Methods.Count > 0 ? earlier.Trigger.Methods.FirstOrDefault(later.Trigger.Answers)
            : later.Trigger.Methods.Count > 0 ? later.Trigger.Methods[0]
            : "every method";
        if (shared is not null)
        {
            throw CannotStartException.Usage(
                $"The functions {earlier.Function.Name} and {later.Function.Name} both answer {shared} at \"{later.Template}\": give one of them another route or other methods.");
        }
    }
}
