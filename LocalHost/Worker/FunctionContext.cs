namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>The invocation's id.</summary>
    public abstract string InvocationId { get; }

    /// <summary>The function's id: stable as long as its name is.</summary>
    public abstract string FunctionId { get; }

    /// <summary>The trace it belongs to.</summary>
    public abstract TraceContext TraceContext { get; }

    /// <summary>What the trigger says about itself.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>The services of this invocation's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Values that middleware and function share.</summary>
#pragma warning disable CA2227 // The official shape.
    public abstract IDictionary<object, object> Items { get; set; }
#pragma warning restore CA2227

    /// <summary>Cancelled when the caller is gone or the host stops.</summary>
    public virtual CancellationToken CancellationToken => CancellationToken.None;
}
