using Microsoft.AspNetCore.Http;
using Slowlane.LocalHost.Worker;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The HTTP exchange of an invocation.</summary>
public static class FunctionContextExtensions
{
    /// <summary>The HTTP exchange; null when something else made the function run.</summary>
    /// <param name="context">The invocation.</param>
    public static HttpContext? GetHttpContext(this FunctionContext context) => (context as Invocation)?.Trigger as HttpContext;
}
