using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Slowlane.LocalHost.Worker;

/// <summary>Runs one function: a scope, the middleware, the function, and the two log lines of the real host.</summary>
internal sealed partial class FunctionRunner(FunctionCall call, FunctionExecutionDelegate pipeline, IServiceProvider services, TimeProvider time)
{
    private readonly IServiceScopeFactory _scopes = services.GetRequiredService<IServiceScopeFactory>();
    private readonly ILogger _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Function." + call.Function.Name);

    public FunctionEntry Function => call.Function;

    /// <summary>Runs the function once. What it throws is logged, and is this method's <see langword="false"/>.</summary>
    /// <param name="trigger">What makes it run.</param>
    /// <param name="reason">Why it runs, for the log.</param>
    /// <param name="finish">Uses the result while the invocation's services are alive; what it throws counts as the function's.</param>
    /// <param name="cancellationToken">The invocation's token.</param>
    /// <param name="failed">Gets what it threw, unless it was cancelled.</param>
    public async Task<bool> RunAsync(object trigger, string reason, Func<Invocation, Task>? finish, CancellationToken cancellationToken, Action<Exception>? failed = null)
    {
        var started = time.GetTimestamp();
        await using var scope = _scopes.CreateAsyncScope();
        var invocation = new Invocation(call, trigger, scope.ServiceProvider, cancellationToken);
        if (trigger is HttpContext http)
        {
            http.RequestServices = scope.ServiceProvider; // Results look for their options there.
        }

        if (_logger.IsEnabled(LogLevel.Information))
        {
            LogExecuting(Function.Name, reason, invocation.InvocationId);
        }

        using var span = InvocationSpan.Start(invocation);
        try
        {
            await pipeline(invocation);
            if (finish is not null)
            {
                await finish(invocation);
            }

            span?.Ended(invocation);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogCancelled(Function.Name, invocation.InvocationId, time.GetElapsedTime(started).TotalMilliseconds);
            return false;
        }
#pragma warning disable CA1031 // Whatever a function throws is its failure, not the host's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            span?.Failed(exception);
            LogFailed(exception, Function.Name, invocation.InvocationId, time.GetElapsedTime(started).TotalMilliseconds);
            failed?.Invoke(exception);
            return false;
        }

        if (_logger.IsEnabled(LogLevel.Information))
        {
            LogSucceeded(Function.Name, invocation.InvocationId, time.GetElapsedTime(started).TotalMilliseconds);
        }

        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "Executing 'Functions.{Function}' (Reason='{Reason}', Id={Id})", SkipEnabledCheck = true)]
    private partial void LogExecuting(string function, string reason, string id);

    [LoggerMessage(2, LogLevel.Information, "Executed 'Functions.{Function}' (Succeeded, Id={Id}, Duration={Duration:0}ms)", SkipEnabledCheck = true)]
    private partial void LogSucceeded(string function, string id, double duration);

    /// <summary>A caller who left or a host that stops is nobody's fault.</summary>
    [LoggerMessage(4, LogLevel.Information, "Executed 'Functions.{Function}' (Cancelled, Id={Id}, Duration={Duration:0}ms)")]
    private partial void LogCancelled(string function, string id, double duration);

    [LoggerMessage(3, LogLevel.Error, "Executed 'Functions.{Function}' (Failed, Id={Id}, Duration={Duration:0}ms)")]
    private partial void LogFailed(Exception exception, string function, string id, double duration);
}
