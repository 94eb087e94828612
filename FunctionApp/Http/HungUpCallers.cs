using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Slowlane.Http;

/// <summary>Ends the invocation of a caller that disconnected as done: nobody reads its answer, and the host would count it as a failure.</summary>
public sealed class HungUpCallers : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is (OperationCanceledException or TimeoutException) && IsOfACallerWhoIsGone(context))
        {
            // What was begun for the caller is undone or goes on, as each function decides.
        }
    }

    // Of a request that never came whole there is no HttpContext: the host cancels its invocation.
    private static bool IsOfACallerWhoIsGone(FunctionContext context)
        => (context.CancellationToken.IsCancellationRequested && IsHttp(context)) || IsAborted(context);

    private static bool IsHttp(FunctionContext context)
        => context.FunctionDefinition.InputBindings.Values.Any(binding => string.Equals(binding.Type, "httpTrigger", StringComparison.OrdinalIgnoreCase));

    private static bool IsAborted(FunctionContext context)
    {
        try
        {
            return context.GetHttpContext() is { RequestAborted.IsCancellationRequested: true };
        }
        catch (ObjectDisposedException)
        {
            return true; // The server is done with the request before its function is.
        }
    }
}
