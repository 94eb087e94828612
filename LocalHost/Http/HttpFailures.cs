using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.App;
using Yarp.ReverseProxy.Forwarder;

namespace Slowlane.LocalHost.Http;

/// <summary>Answers requests whose invocation failed.</summary>
internal sealed partial class HttpFailures(ILogger<HttpFailures> log)
{
    /// <summary>The maximum time for an invocation to end after its answer is forwarded.</summary>
    public static readonly TimeSpan AfterAnswer = TimeSpan.FromSeconds(1);

    /// <summary>Answers a request that could not be forwarded to its worker, or whose response could not be forwarded back.</summary>
    /// <param name="context">The request.</param>
    /// <param name="invocation">The invocation.</param>
    /// <param name="error">What the forwarder met.</param>
    /// <param name="answered">Completes when the worker has answered the invocation.</param>
    public async Task AnswerAsync(HttpContext context, HttpInvocation invocation, ForwarderError error, Task answered)
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

        Answer(context, invocation, reason);
    }

    /// <summary>Responds with an empty 500, as the platform does. After the first byte, only a broken connection can report the failure.</summary>
    public void Answer(HttpContext context, HttpInvocation invocation, string reason)
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

    // An aggregate also contains the errors that the forwarder met as a consequence.
    private static BadHttpRequestException? FaultIn(Exception? cause) => cause switch
    {
        null => null,
        BadHttpRequestException fault => fault,
        AggregateException all => all.InnerExceptions.Select(FaultIn).FirstOrDefault(static fault => fault is not null),
        _ => FaultIn(cause.InnerException),
    };

    [LoggerMessage(1, LogLevel.Error, "The function {Function} failed in its invocation {Invocation}, and its caller gets {Answer}: {Reason}")]
    private static partial void Failed(ILogger log, string function, string invocation, string answer, string reason);
}

/// <summary>A request's invocation.</summary>
/// <param name="Function">The invoked function.</param>
/// <param name="Id">The id of the invocation in the worker.</param>
internal sealed record HttpInvocation(FunctionDefinition Function, string Id);
