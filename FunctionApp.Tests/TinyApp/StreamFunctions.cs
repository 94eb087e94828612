using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace TinyApp;

/// <summary>Requests that take their time.</summary>
public sealed class StreamFunctions
{
    /// <summary>The second half of the answer comes when the test opens the gate.</summary>
    [Function("Slow")]
    public static async Task Slow([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "slow/{gate}")] HttpRequest request, string gate, CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        await response.WriteAsync("first", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        await Notes.UntilOpenAsync(gate, cancellationToken);
        await response.WriteAsync(" second", cancellationToken);
    }

    /// <summary>Notes the first bytes when they are there, and echoes all of them.</summary>
    [Function("Echo")]
    public static async Task Echo([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "echo/{topic}")] HttpRequest request, string topic, CancellationToken cancellationToken)
    {
        var first = new byte[5];
        await request.Body.ReadExactlyAsync(first, cancellationToken);
        await Notes.WriteAsync(topic, System.Text.Encoding.UTF8.GetString(first));
        await request.HttpContext.Response.Body.WriteAsync(first, cancellationToken);
        await request.Body.CopyToAsync(request.HttpContext.Response.Body, cancellationToken);
    }

    /// <summary>Reads a body slowly enough for its sender to be ahead, and tells its length.</summary>
    [Function("Swallow")]
    public static async Task<IResult> Swallow([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "swallow/{gate}")] HttpRequest request, string gate, CancellationToken cancellationToken)
    {
        await Notes.WriteAsync(gate, "swallowing");
        await Notes.UntilOpenAsync(gate, cancellationToken);
        var (total, buffer) = (0L, new byte[1 << 16]);
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            total += read;
        }

        return Results.Text(total.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Waits for its token, and notes that it fired.</summary>
    [Function("Wait")]
    public static async Task Wait([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wait/{topic}")] HttpRequest request, string topic, CancellationToken cancellationToken)
    {
        await Notes.WriteAsync(topic, "waiting for " + request.Method);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await Notes.WriteAsync(topic, "gone");
            throw;
        }
    }

    /// <summary>Takes its process along.</summary>
    [Function("Crash")]
    public static void Crash([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request)
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        _ = request;
    }
}
