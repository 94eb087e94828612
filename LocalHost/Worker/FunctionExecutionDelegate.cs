namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>A step of an invocation.</summary>
/// <param name="context">The invocation.</param>
#pragma warning disable CA1711 // The official name.
public delegate Task FunctionExecutionDelegate(FunctionContext context);
#pragma warning restore CA1711
