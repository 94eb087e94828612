using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Queues;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Http;

/// <summary>Takes a request to its function: route, key, function, result. Nothing else stands between the socket and the function.</summary>
internal sealed class HttpDispatcher(RouteTable routes, IReadOnlyDictionary<FunctionEntry, FunctionRunner> runners, FunctionKeys? keys, IServiceProvider services)
    : IHttpApplication<HttpContext>
{
    private const string Reason = "This function was programmatically called via the host APIs.";

    private static readonly TimeSpan[] Waits = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(200)];

    private readonly QueueBell _bell = services.GetRequiredService<QueueBell>();
    private readonly CancellationToken _stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>Where the keys are, when keys are demanded.</summary>
    public string? KeysFile => keys?.FilePath;

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // The scope belongs to the invocation; the context itself holds nothing.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var route = routes.Find(context.Request.Method, context.Request.Path, out var values);
        if (route is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (keys is not null && !keys.Allow(context.Request, route.Function.Name, route.Trigger.AuthLevel))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        context.Request.RouteValues = values;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
        var answered = runners[route.Function].RunAsync(context, Reason, AnswerAsync, cancel.Token);
        if (!answered.IsCompleted)
        {
            await RingForAsync(answered);
        }

        if (!await answered)
        {
            Fail(context);
        }

        if (context.Response.StatusCode == StatusCodes.Status202Accepted && !HttpMethods.IsGet(context.Request.Method))
        {
            _bell.Ring(); // Accepted: whatever is to be done for it is probably in a queue.
        }
    }

    // Who isn't answered for a while may wait for what he has just sent.
    private async Task RingForAsync(Task answered)
    {
        foreach (var wait in Waits)
        {
            await answered.WaitAsync(wait).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (answered.IsCompleted)
            {
                return;
            }

            _bell.Ring();
        }
    }

    private static Task AnswerAsync(Invocation invocation)
    {
        var http = (HttpContext)invocation.Trigger;
        return invocation.Result.Value is IResult result ? result.ExecuteAsync(http) : Task.CompletedTask;
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
}
