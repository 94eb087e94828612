using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Slowlane.LocalHost.Worker;

/// <summary>The trace of an invocation: the activity that runs, else what the request's headers say.</summary>
internal sealed class InvocationTrace(string parent, string state) : TraceContext
{
    public override string TraceParent => parent;

    public override string TraceState => state;

    public static InvocationTrace Of(object trigger)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } activity)
        {
            return new InvocationTrace(id, activity.TraceStateString ?? string.Empty);
        }

        return trigger is HttpContext http
            ? new InvocationTrace(http.Request.Headers.TraceParent.ToString(), http.Request.Headers.TraceState.ToString())
            : new InvocationTrace(string.Empty, string.Empty);
    }
}
