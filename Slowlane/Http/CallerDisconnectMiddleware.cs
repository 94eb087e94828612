using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Slowlane.Http;

/// <summary>
/// Ends the invocation of a caller that disconnected as completed. Its response has no reader, and the host would count the exception as
/// a failure.
/// </summary>
internal sealed class CallerDisconnectMiddleware : IFunctionsWorkerMiddleware
{
    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(next);
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is (OperationCanceledException or TimeoutException) && IsDisconnected(context))
        {
            // Each function decides whether the work that it began for the caller is undone or goes on.
        }
    }

    private static bool IsDisconnected(FunctionContext context)
        => IsHttp(context) && (context.CancellationToken.IsCancellationRequested || IsRequestOver(context));

    private static bool IsHttp(FunctionContext context)
        => context.FunctionDefinition.InputBindings.Values.Any(binding => string.Equals(binding.Type, "httpTrigger", StringComparison.OrdinalIgnoreCase));

    // Without an HttpContext the request never reached the worker and its function never began.
    private static bool IsRequestOver(FunctionContext context)
    {
        try
        {
            return context.GetHttpContext() is not { RequestAborted.IsCancellationRequested: false };
        }
        catch (ObjectDisposedException)
        {
            return true; // The server ended the request before the function ended.
        }
    }
}
