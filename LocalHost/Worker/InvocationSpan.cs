using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Slowlane.LocalHost.Worker;

/// <summary>The span of an invocation, as the real worker makes it; of a request too, whose span is elsewhere the real host's.</summary>
internal static class InvocationSpan
{
    public const string SourceName = "Microsoft.Azure.Functions.Worker";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Null while nobody listens.</summary>
    public static Activity? Start(Invocation invocation)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var http = invocation.Trigger as HttpContext;
        _ = ActivityContext.TryParse(invocation.TraceContext.TraceParent, invocation.TraceContext.TraceState, isRemote: true, out var parent); // None: a trace begins here.
        return Source.StartActivity($"function {invocation.FunctionDefinition.Name}", http is null ? ActivityKind.Internal : ActivityKind.Server, parent)?
            .SetTag("faas.name", invocation.FunctionDefinition.Name)
            .SetTag("faas.invocation_id", invocation.InvocationId)
            .SetTag("http.request.method", http?.Request.Method)
            .SetTag("url.path", http?.Request.Path.Value);
    }

    public static void Ended(this Activity span, Invocation invocation)
    {
        if (invocation.Trigger is HttpContext http)
        {
            span.SetTag("http.response.status_code", http.Response.StatusCode);
        }
    }

    public static void Failed(this Activity span, Exception exception)
        => span.SetTag("error.type", exception.GetType().FullName).SetStatus(ActivityStatusCode.Error);
}
