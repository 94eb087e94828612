using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Slowlane.Tests.Fixtures;

/// <summary>Stands for the span that the Functions worker makes of an invocation, under the caller's.</summary>
internal static class InvocationSpan
{
    public const string SourceName = "Microsoft.Azure.Functions.Worker";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Start(string function, HttpRequest request)
    {
        _ = ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var caller);
        return Source.StartActivity($"function {function}", ActivityKind.Internal, caller);
    }
}
