using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Slowlane.Http;

/// <summary>Ends the invocation of a caller that disconnected as done: nobody reads its answer, and the host would count it as a failure.</summary>
internal sealed class HungUpCallers : IFunctionsWorkerMiddleware
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

    private static bool IsOfACallerWhoIsGone(FunctionContext context)
        => IsHttp(context) && (context.CancellationToken.IsCancellationRequested || IsRequestOver(context));

    private static bool IsHttp(FunctionContext context)
        => context.FunctionDefinition.InputBindings.Values.Any(binding => string.Equals(binding.Type, "httpTrigger", StringComparison.OrdinalIgnoreCase));

    // Without an HttpContext the request never came to the worker, and its function never began.
    private static bool IsRequestOver(FunctionContext context)
    {
        try
        {
            return context.GetHttpContext() is not { RequestAborted.IsCancellationRequested: false };
        }
        catch (ObjectDisposedException)
        {
            return true; // The server is done with the request before its function is.
        }
    }
}
