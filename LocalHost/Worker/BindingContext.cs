namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a trigger says about itself.</summary>
public abstract class BindingContext
{
    /// <summary>By name, whatever the case: route and query values of a request; <c>Id</c>, <c>DequeueCount</c> and the like of a message.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
