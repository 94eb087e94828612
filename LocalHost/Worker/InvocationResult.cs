namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a function returned.</summary>
public abstract class InvocationResult
{
    /// <summary>The value; middleware may put another in its place.</summary>
    public abstract object? Value { get; set; }
}
