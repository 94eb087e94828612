using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Triggers;
using Slowlane.LocalHost.Workers;
using Slowlane.LocalHost.Workers.Protocol;
using Yarp.ReverseProxy.Forwarder;

namespace Slowlane.LocalHost.Http;

/// <summary>Takes a request to its function: route, key, invocation, answer.</summary>
internal sealed partial class HttpDispatcher(RouteTable routes, FunctionKeys? keys, HttpInputs inputs, WorkerPool workers, WorkerForwarder forwarder, ILogger<HttpDispatcher> log)
    : IHttpApplication<HttpContext>
{
    /// <summary>How long a request waits for a worker that is started again, and for inputs that storage has to answer for.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long an invocation may take to end once its answer has been forwarded.</summary>
    private static readonly TimeSpan AfterAnswer = TimeSpan.FromSeconds(1);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The context holds nothing.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        if (routes.Find(context.Request.Method, context.Request.Path, out var values) is not { } route)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (keys is not null && !keys.Allow(context.Request, route.Function.Name, route.Trigger.Level))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            var bound = await inputs.OfAsync(route.Function, StartLimit, context.RequestAborted);
            var worker = await TakeAsync(context.RequestAborted);
            await (worker.HttpAddress is { } address ? RunAsync(context, worker, address, Request(context, route.Function, bound, values), route.Function) : RefuseAsync(context, route.Function));
        }
        catch (WorkerProcessExitException exit)
        {
            Failed(log, route.Function.Name, exit.Message);
            Fail(context);
        }
        catch (TimeoutException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async ValueTask<WorkerChannel> TakeAsync(CancellationToken cancellationToken)
    {
        var taken = workers.TakeAsync(cancellationToken);
        return taken.IsCompletedSuccessfully ? taken.Result : await taken.AsTask().WaitAsync(StartLimit, cancellationToken);
    }

    private async Task RunAsync(HttpContext context, WorkerChannel worker, string address, InvocationRequest request, FunctionDefinition function)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var answered = worker.InvokeAsync(request, over.Token);
        var forwarded = forwarder.SendAsync(context, address, request.InvocationId, over.Token);
        await Task.WhenAny(answered, forwarded);
        if (answered.IsFaulted)
        {
            await over.CancelAsync(); // The worker is gone, and may have left the connection open.
            await forwarded;
        }
        else if (await forwarded is var error and not ForwarderError.None)
        {
            await over.CancelAsync(); // Nothing that the function still does reaches the caller.
            NotForwarded(context, function, error);
            return;
        }

        InvocationResponse response;
        try
        {
            response = await answered.WaitAsync(AfterAnswer);
        }
        catch (TimeoutException)
        {
            await over.CancelAsync(); // The worker's server has refused the request itself, and its function waits for it.
            return;
        }

        if (response.Result.Status is StatusResult.Types.Status.Failure && !context.RequestAborted.IsCancellationRequested)
        {
            Failed(log, function.Name, $"{response.Result.Exception?.Message ?? response.Result.Result}\n    {response.Result.Exception?.StackTrace}");
            Fail(context);
        }
    }

    private void NotForwarded(HttpContext context, FunctionDefinition function, ForwarderError error)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var cause = context.GetForwarderErrorFeature()?.Exception;
        if (!context.Response.HasStarted && (FaultIn(cause)?.StatusCode ?? (error is ForwarderError.RequestBodyClient ? StatusCodes.Status400BadRequest : null)) is { } status)
        {
            context.Response.StatusCode = status; // The caller's: a body that came too slowly, or was none.
            return;
        }

        Failed(log, function.Name, $"the request could not be forwarded: {error}, {cause?.Message}");
        if (error is not ForwarderError.RequestTimedOut)
        {
            Fail(context); // A time-out is a 504 already.
        }
    }

    // Beside it comes what the forwarder met because of it.
    private static BadHttpRequestException? FaultIn(Exception? cause) => cause switch
    {
        null => null,
        BadHttpRequestException fault => fault,
        AggregateException all => all.InnerExceptions.Select(FaultIn).FirstOrDefault(static fault => fault is not null),
        _ => FaultIn(cause.InnerException),
    };

    // Body and headers come by HTTP; the message says which function, and what the route holds.
    private static InvocationRequest Request(HttpContext context, FunctionDefinition function, IEnumerable<ParameterBinding> bound, RouteValueDictionary values)
    {
        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            TraceContext = new RpcTraceContext { TraceParent = context.Request.Headers.TraceParent.ToString(), TraceState = context.Request.Headers.TraceState.ToString() },
        };
        request.InputData.Add(new ParameterBinding { Name = function.Trigger.Name, Data = new TypedData { Http = new RpcHttp { Method = context.Request.Method } } });
        request.InputData.Add(bound);
        foreach (var (name, value) in values)
        {
            if (value?.ToString() is { } text)
            {
                request.TriggerMetadata[name] = new TypedData { String = text };
            }
        }

        return request;
    }

    private static Task RefuseAsync(HttpContext context, FunctionDefinition function)
    {
        context.Response.StatusCode = StatusCodes.Status501NotImplemented;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(
            $"The function {function.Name} takes its requests through messages (HttpRequestData), and this host forwards them by HTTP: call builder.ConfigureFunctionsWebApplication() in the app's Program.cs, or run it with Core Tools.\n");
    }

    /// <summary>An empty 500; once bytes are out, only a broken connection can say it.</summary>
    private static void Fail(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    [LoggerMessage(1, LogLevel.Error, "The function {Function} failed: {Reason}")]
    private static partial void Failed(ILogger log, string function, string reason);
}
