using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Protocol;
using Slowlane.LocalHost.Workers;
using Yarp.ReverseProxy.Forwarder;

namespace Slowlane.LocalHost.Http;

/// <summary>Runs the function of a request: finds the route, checks the key, invokes the function and forwards the answer.</summary>
internal sealed class HttpDispatcher(RouteTable routes, FunctionKeys? keys, Homepage homepage, HttpInputs inputs, WorkerPool workers, WorkerForwarder forwarder, HttpFailures failures)
    : IHttpApplication<HttpContext>
{
    /// <summary>The maximum time that a request waits for a restarted worker, and for inputs that need storage.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

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

        var invocation = new HttpInvocation(route.Function, Guid.NewGuid().ToString());
        try
        {
            var bound = await inputs.OfAsync(route.Function, StartLimit, context.RequestAborted);
            var worker = await TakeAsync(context.RequestAborted);
            await (worker.HttpAddress is { } address ? RunAsync(context, worker, address, Request(context, invocation, bound, values), invocation) : RefuseAsync(context, route.Function));
        }
        catch (WorkerProcessExitException exit)
        {
            failures.Answer(context, invocation, exit.Message);
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

    private async Task RunAsync(HttpContext context, WorkerChannel worker, string address, InvocationRequest request, HttpInvocation invocation)
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
            await failures.AnswerAsync(context, invocation, error, answered);
            return;
        }

        InvocationResponse response;
        try
        {
            response = await answered.WaitAsync(HttpFailures.AfterAnswer);
        }
        catch (TimeoutException)
        {
            await over.CancelAsync(); // The worker's server refused the request, and the function still waits for it.
            return;
        }

        if (response.Result.Status is StatusResult.Types.Status.Failure && !context.RequestAborted.IsCancellationRequested)
        {
            failures.Answer(context, invocation, $"{response.Result.Exception?.Message ?? response.Result.Result}\n    {response.Result.Exception?.StackTrace}");
        }
    }

    // The worker receives body and headers by HTTP. The message names the function and carries the route values.
    private static InvocationRequest Request(HttpContext context, HttpInvocation invocation, IEnumerable<ParameterBinding> bound, RouteValueDictionary values)
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
}
