using System.Diagnostics;

namespace Slowlane.Telemetry;

/// <summary>
/// The trace that a job belongs to (W3C Trace Context), in the form in which its message and its row store it: the <c>traceparent</c> of its
/// submit and, after a space, the <c>tracestate</c> if it is short enough.
/// </summary>
internal static class JobTrace
{
    /// <summary>The maximum length of a <c>tracestate</c>. A longer one is dropped, and the trace continues without it.</summary>
    public const int MaxStateLength = 256;

    private const int ParentLength = 55; // "00-", 32 digits, "-", 16 digits, "-", 2 digits.

    /// <summary>The trace for a job that is submitted now. Null outside of any trace.</summary>
    public static string? Current() => Activity.Current switch
    {
        null => null,
        { Source.Name: "", Parent: null, ParentId: { } caller } carrier => Of(caller, carrier.TraceStateString),
        var span => Of(span.Id, span.TraceStateString),
    };

    /// <summary>
    /// Carries a caller's trace through code in which no span is recorded. Null if there is no trace to carry, or if a current activity already
    /// carries one.
    /// </summary>
    public static Activity? Carry(string? parent, string? state)
    {
        if (Activity.Current is not null || !ActivityContext.TryParse(parent, null, out _))
        {
            return null;
        }

#pragma warning disable CA2000 // The caller ends it.
        return new Activity(Tracing.Name) { TraceStateString = state }.SetParentId(parent!).Start();
#pragma warning restore CA2000
    }

    /// <summary>The text of a trace. Null if the parent is invalid.</summary>
    public static string? Of(string? parent, string? state)
    {
        if (!ActivityContext.TryParse(parent, null, out var context))
        {
            return null;
        }

        // The header is written anew, because a later version of it may have fields that this code does not know.
        var text = $"00-{context.TraceId}-{context.SpanId}-{(context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
        return IsState(state) ? $"{text} {state}" : text;
    }

    /// <summary>The text from outside, if it is a valid trace. Otherwise null, so that an invalid trace never fails a job.</summary>
    public static string? Checked(string? text)
        => text is null || text.Length > ParentLength + 1 + MaxStateLength ? null : Of(Parent(text), State(text));

    /// <summary>The parent context of the job's spans. Empty if the text is not a trace.</summary>
    public static ActivityContext Parse(string? text)
        => text is not null && ActivityContext.TryParse(Parent(text), State(text), isRemote: true, out var context) ? context : default;

    private static string Parent(string text) => text.Length > ParentLength ? text[..ParentLength] : text;

    private static string? State(string text) => text.Length > ParentLength + 1 ? text[(ParentLength + 1)..] : null;

    private static bool IsState(string? state)
        => state is { Length: > 0 and <= MaxStateLength } && !state.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
