using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Protocol;
using Slowlane.LocalHost.Workers;
using Yarp.ReverseProxy.Forwarder;

namespace Slowlane.LocalHost.Http;

/// <summary>Runs the function of a request: finds the route, checks the key, invokes the function and forwards the answer.</summary>
internal sealed partial class HttpDispatcher(RouteTable routes, FunctionKeys? keys, Homepage homepage, HttpInputs inputs, WorkerPool workers, WorkerForwarder forwarder, ILogger<HttpDispatcher> log)
    : IHttpApplication<HttpContext>
{
    /// <summary>The maximum time that a request waits for a restarted worker, and for inputs that need storage.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>The maximum time for an invocation to end after its answer is forwarded.</summary>
    private static readonly TimeSpan AfterAnswer = TimeSpan.FromSeconds(1);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The context holds nothing.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        ConnectMethod.Replace(context);
        if (routes.Find(context.Request.Method, context.Request.Path, out var values) is not { } route)
        {
            await homepage.AnswerAsync(context);
            return;
        }

        if (keys is not null && !keys.Allow(context.Request, route.Function.Name, route.Trigger.Level))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var invocation = new Invocation(route.Function, Guid.NewGuid().ToString());
        try
        {
            var bound = await inputs.OfAsync(route.Function, StartLimit, context.RequestAborted);
            var worker = await TakeAsync(context.RequestAborted);
            await (worker.HttpAddress is { } address ? RunAsync(context, worker, address, Request(context, invocation, bound, values), invocation) : RefuseAsync(context, route.Function));
        }
        catch (WorkerProcessExitException exit)
        {
            Fail(context, invocation, exit.Message);
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

    private async Task RunAsync(HttpContext context, WorkerChannel worker, string address, InvocationRequest request, Invocation invocation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var answered = worker.InvokeAsync(request, over.Token);
        var forwarded = forwarder.SendAsync(context, address, request.InvocationId, over.Token);
        await Task.WhenAny(answered, forwarded);
        if (answered.IsFaulted)
        {
            await over.CancelAsync(); // The worker is gone and may have left the connection open.
            await forwarded;
        }
        else if (await forwarded is var error and not ForwarderError.None)
        {
            await over.CancelAsync(); // The caller can't receive anything that the function still does.
            await NotForwardedAsync(context, invocation, error, answered);
            return;
        }

        InvocationResponse response;
        try
        {
            response = await answered.WaitAsync(AfterAnswer);
        }
        catch (TimeoutException)
        {
            await over.CancelAsync(); // The worker's server refused the request, and the function still waits for it.
            return;
        }

        if (response.Result.Status is StatusResult.Types.Status.Failure && !context.RequestAborted.IsCancellationRequested)
        {
            Fail(context, invocation, $"{response.Result.Exception?.Message ?? response.Result.Result}\n    {response.Result.Exception?.StackTrace}");
        }
    }

    private async Task NotForwardedAsync(HttpContext context, Invocation invocation, ForwarderError error, Task answered)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var cause = context.GetForwarderErrorFeature()?.Exception;
        if (!context.Response.HasStarted && (FaultIn(cause)?.StatusCode ?? (error is ForwarderError.RequestBodyClient ? StatusCodes.Status400BadRequest : null)) is { } status)
        {
            context.Response.StatusCode = status; // The caller's fault: the body came too slowly or was invalid.
            return;
        }

        var reason = $"the request could not be forwarded: {error}, {cause?.Message}";
        if (error is ForwarderError.RequestTimedOut)
        {
            Failed(log, invocation.Function.Name, invocation.Id, "a 504", reason); // The response is a 504 already.
            return;
        }

        try
        {
            await answered.WaitAsync(AfterAnswer); // The connection of a dying worker may break before its gRPC stream.
        }
        catch (TimeoutException)
        {
            // The worker is alive and the function goes on.
        }

        Fail(context, invocation, reason);
    }

    // An aggregate also contains the errors that the forwarder met as a consequence.
    private static BadHttpRequestException? FaultIn(Exception? cause) => cause switch
    {
        null => null,
        BadHttpRequestException fault => fault,
        AggregateException all => all.InnerExceptions.Select(FaultIn).FirstOrDefault(static fault => fault is not null),
        _ => FaultIn(cause.InnerException),
    };

    // The worker receives body and headers by HTTP. The message names the function and carries the route values.
    private static InvocationRequest Request(HttpContext context, Invocation invocation, IEnumerable<ParameterBinding> bound, RouteValueDictionary values)
    {
        var request = new InvocationRequest
        {
            InvocationId = invocation.Id,
            FunctionId = invocation.Function.Id,
            TraceContext = new RpcTraceContext { TraceParent = context.Request.Headers.TraceParent.ToString(), TraceState = context.Request.Headers.TraceState.ToString() },
        };
        request.InputData.Add(new ParameterBinding { Name = invocation.Function.Trigger.Name, Data = new TypedData { Http = new RpcHttp { Method = context.Request.Method } } });
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

    /// <summary>Responds with an empty 500, as the platform does. After the first byte, only a broken connection can report the failure.</summary>
    private void Fail(HttpContext context, Invocation invocation, string reason)
    {
        if (context.Response.HasStarted)
        {
            Failed(log, invocation.Function.Name, invocation.Id, "an answer that breaks off", reason);
            context.Abort();
            return;
        }

        Failed(log, invocation.Function.Name, invocation.Id, "an empty 500", reason);
        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }

    [LoggerMessage(1, LogLevel.Error, "The function {Function} failed in its invocation {Invocation}, and its caller gets {Answer}: {Reason}")]
    private static partial void Failed(ILogger log, string function, string invocation, string answer, string reason);

    /// <param name="Function">The invoked function.</param>
    /// <param name="Id">The id of the invocation in the worker.</param>
    private sealed record Invocation(FunctionDefinition Function, string Id);
}
