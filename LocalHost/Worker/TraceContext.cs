namespace Microsoft.Azure.Functions.Worker;

/// <summary>The trace an invocation belongs to, in W3C form.</summary>
public abstract class TraceContext
{
    /// <summary>The <c>traceparent</c>; empty when there is none.</summary>
    public abstract string TraceParent { get; }

    /// <summary>The <c>tracestate</c>; empty when there is none.</summary>
    public abstract string TraceState { get; }
}
