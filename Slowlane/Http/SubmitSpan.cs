using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Http;

/// <summary>The span and the count of a submit. Every span of the job descends from this span.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SubmitSpan : IDisposable
{
    private readonly JobMetrics _metrics;
    private readonly string _type;
    private readonly Activity? _span;
    private readonly Activity? _carrier;

    private SubmitSpan(JobMetrics metrics, string type, Activity? span, Activity? carrier)
    {
        _metrics = metrics;
        _type = type;
        _span = span;
        _carrier = carrier;
    }

    /// <summary>Starts the span: under the request's own span, or else under the span that the caller names in <c>traceparent</c>.</summary>
    /// <param name="metrics">Counts the submit.</param>
    /// <param name="request">The caller's request.</param>
    /// <param name="type">The job type. Null if there is no such type, so that a caller's text is never a tag.</param>
    public static SubmitSpan Start(JobMetrics metrics, HttpRequest request, string? type)
    {
        var (parent, state) = (request.Headers.TraceParent.ToString(), request.Headers.TraceState.ToString());
        var span = Tracing.Source.HasListeners() ? Begin(parent, state, type) : null;
        return new SubmitSpan(metrics, type ?? "unknown", span, span is null && parent.Length > 0 ? JobTrace.Carry(parent, state) : null);
    }

    /// <summary>Records the outcome of the submit.</summary>
    public Submission Answered(Submission submission)
    {
        var answer = submission.Refusal switch
        {
            null => submission.Known ? "repeated" : "accepted",
            IStatusCodeHttpResult { StatusCode: >= 500 } => "unavailable",
            _ => "refused",
        };
        _metrics.Submitted(_type, answer);
        if (_span is not null)
        {
            Tag(_span, submission, answer);
        }

        return submission;
    }

    public void Dispose()
    {
        _span?.Dispose();
        _carrier?.Dispose();
    }

    private static Activity? Begin(string parent, string state, string? type)
    {
        var context = Activity.Current is null ? JobTrace.Parse(JobTrace.Of(parent, state)) : default; // Default: the current span.
        return Tracing.Source.StartActivity("send jobs", ActivityKind.Producer, context).Messaging("send", JobQueue.Name)?.SetTag(Tracing.JobType, type);
    }

    private static void Tag(Activity span, Submission submission, string answer)
    {
        if (submission is { Refusal: null, Count: { } jobs })
        {
            span.SetTag("messaging.batch.message_count", jobs);
        }
        else if (submission.Refusal is null)
        {
            span.SetTag(Tracing.JobId, submission.Id.ToString());
        }
        else if (string.Equals(answer, "unavailable", StringComparison.Ordinal))
        {
            span.Failed("unavailable");
        }
    }
}
