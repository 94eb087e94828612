using Slowlane.LocalHost.Worker;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a function gave back.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>What the function returned, once it has.</summary>
    /// <param name="context">The invocation.</param>
    public static InvocationResult GetInvocationResult(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ((Invocation)context).Result;
    }
}
