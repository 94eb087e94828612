using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Tests.Infra;

namespace Slowlane.Tests.Fixtures;

/// <summary>The app's HTTP functions as endpoints of ASP.NET Core, found by their attributes: without keys, and without the Functions worker.</summary>
internal static class FunctionRoutes
{
    /// <param name="endpoints">Where they are added.</param>
    /// <param name="stopping">Ends the invocations too, beside their callers.</param>
    public static void Map(IEndpointRouteBuilder endpoints, CancellationToken stopping)
    {
        foreach (var method in AppFunctions.Methods)
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function && Trigger(method) is { } trigger)
            {
                endpoints.MapMethods("api/" + (trigger.Route ?? function.Name), trigger.Methods ?? [], Endpoint(function.Name, method, stopping));
            }
        }
    }

    private static HttpTriggerAttribute? Trigger(MethodInfo method)
        => method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(trigger => trigger is not null);

    private static RequestDelegate Endpoint(string name, MethodInfo method, CancellationToken stopping)
    {
        var make = ActivatorUtilities.CreateFactory(method.DeclaringType!, []);
        var parameters = method.GetParameters();
        return async http =>
        {
            Activity.Current = null; // The worker is called by the host, not by the request.
            using var span = InvocationSpan.Start(name, http.Request);
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
            try
            {
                var values = Array.ConvertAll(parameters, parameter => Value(parameter, http, cancel.Token));
                var returned = method.Invoke(make(http.RequestServices, null), BindingFlags.DoNotWrapExceptions, null, values, null);
                var result = returned as IResult ?? await (Task<IResult>)returned!;
                await result.ExecuteAsync(http);
            }
#pragma warning disable CA1031 // Whatever a function throws is an empty answer 500.
            catch (Exception) when (!http.Response.HasStarted)
#pragma warning restore CA1031
            {
                http.Response.Clear();
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        };
    }

    private static object? Value(ParameterInfo parameter, HttpContext http, CancellationToken cancellationToken)
        => parameter.ParameterType == typeof(HttpRequest) ? http.Request
            : parameter.ParameterType == typeof(CancellationToken) ? cancellationToken
            : parameter.ParameterType == typeof(string) ? http.GetRouteValue(parameter.Name!)
            : throw new NotSupportedException($"{parameter.Member.DeclaringType?.Name}.{parameter.Member.Name}: nothing here fills the parameter '{parameter.Name}' of type {parameter.ParameterType.Name}; teach it to.");
}
