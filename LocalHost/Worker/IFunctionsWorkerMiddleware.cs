namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>A step that every invocation passes. One instance serves them all.</summary>
public interface IFunctionsWorkerMiddleware
{
    /// <summary>Does its part and goes on with <paramref name="next"/>.</summary>
    /// <param name="context">The invocation.</param>
    /// <param name="next">The steps after this one.</param>
#pragma warning disable CA1716 // The official parameter name.
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
#pragma warning restore CA1716
}
