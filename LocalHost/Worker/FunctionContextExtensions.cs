using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Worker;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What an invocation gives beyond its own members.</summary>
public static class FunctionContextExtensions
{
    /// <summary>The HTTP exchange; null when something else made the function run.</summary>
    /// <param name="context">The invocation.</param>
    public static HttpContext? GetHttpContext(this FunctionContext context) => (context as Invocation)?.Trigger as HttpContext;

    /// <summary>What the function returned, once it has.</summary>
    /// <param name="context">The invocation.</param>
    public static InvocationResult GetInvocationResult(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ((Invocation)context).Result;
    }

    /// <summary>A logger named after <typeparamref name="T"/>.</summary>
    /// <param name="context">The invocation.</param>
    /// <typeparam name="T">Names the category.</typeparam>
    public static ILogger<T> GetLogger<T>(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.InstanceServices.GetRequiredService<ILogger<T>>();
    }
}
