namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a function returned.</summary>
/// <typeparam name="T">As what its value is seen.</typeparam>
public abstract class InvocationResult<T>
{
    /// <summary>The value; middleware may put another in its place.</summary>
    public abstract T? Value { get; set; }
}

/// <summary>What a function returned, whatever it is.</summary>
public abstract class InvocationResult : InvocationResult<object>;
