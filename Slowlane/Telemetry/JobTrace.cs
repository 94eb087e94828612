using System.Diagnostics;

namespace Slowlane.Telemetry;

/// <summary>
/// The trace that a job belongs to (W3C Trace Context), as its message and its row carry it: the <c>traceparent</c> of its
/// submit, and after a space the <c>tracestate</c> if there is a short one.
/// </summary>
internal static class JobTrace
{
    /// <summary>A longer <c>tracestate</c> is left behind; the trace goes on without it.</summary>
    public const int LongestState = 256;

    private const int ParentLength = 55; // "00-", 32 digits, "-", 16 digits, "-", 2 digits.

    /// <summary>What a job that is submitted here and now should carry; null outside any trace.</summary>
    public static string? Current() => Activity.Current switch
    {
        null => null,
        { Source.Name: "", Parent: null, ParentId: { } caller } carrier => Of(caller, carrier.TraceStateString),
        var span => Of(span.Id, span.TraceStateString),
    };

    /// <summary>
    /// Carries a caller's trace on through code in which nobody records a span. Null where there is nothing to carry, or
    /// somebody else does.
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

    /// <summary>The text of a trace; null when the parent is none.</summary>
    public static string? Of(string? parent, string? state)
    {
        if (!ActivityContext.TryParse(parent, null, out var context))
        {
            return null;
        }

        // Written anew: a later version of the header may say more, which nobody here understands.
        var text = $"00-{context.TraceId}-{context.SpanId}-{(context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
        return IsState(state) ? $"{text} {state}" : text;
    }

    /// <summary>A text that came from outside, if it is a trace's; null otherwise. A job never fails by it.</summary>
    public static string? Checked(string? text)
        => text is null || text.Length > ParentLength + 1 + LongestState ? null : Of(Parent(text), State(text));

    /// <summary>Where the job's spans belong; nowhere, when the text is none.</summary>
    public static ActivityContext Parse(string? text)
        => text is not null && ActivityContext.TryParse(Parent(text), State(text), isRemote: true, out var context) ? context : default;

    private static string Parent(string text) => text.Length > ParentLength ? text[..ParentLength] : text;

    private static string? State(string text) => text.Length > ParentLength + 1 ? text[(ParentLength + 1)..] : null;

    private static bool IsState(string? state)
        => state is { Length: > 0 and <= LongestState } && !state.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
