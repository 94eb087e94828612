using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Slowlane.Tests.LocalHost.Durable;

/// <summary>Orchestrations of many kinds, as an app writes them.</summary>
public sealed class SumFunctions(Signals signals)
{
    [Function("StartSum")]
    public static async Task<IResult> Start([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sum/{count}")] HttpRequest request, int count, [DurableClient] DurableTaskClient client)
        => Results.Text(await client.ScheduleNewOrchestrationInstanceAsync(nameof(Sum), count, request.HttpContext.RequestAborted));

    [Function(nameof(Sum))]
    public static async Task<int> Sum([OrchestrationTrigger] TaskOrchestrationContext context, int count)
    {
        var parts = Enumerable.Range(1, count).Select(n => context.CallActivityAsync<Part>(nameof(Square), new Part(n))).ToList();
        for (var waiting = new List<Task<Part>>(parts); waiting.Count > 0; waiting.Remove(await Task.WhenAny(waiting)))
        {
            context.SetCustomStatus(new { Done = count - waiting.Count });
        }

        return parts.Sum(static part => part.GetAwaiter().GetResult().Value);
    }

    [Function(nameof(Square))]
    public async Task<Part> Square([ActivityTrigger] Part part, string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        await signals.CountAsync(cancellationToken);
        return new Part(part.Value * part.Value);
    }

    [Function(nameof(Stubborn))]
    public static async Task<string> Stubborn([OrchestrationTrigger] TaskOrchestrationContext context)
        => await context.CallActivityAsync<string>(nameof(FailTwice), TaskOptions.FromRetryPolicy(new RetryPolicy(context.GetInput<int>(), TimeSpan.FromMilliseconds(50))));

    [Function(nameof(FailTwice))]
    public string FailTwice([ActivityTrigger] object? nothing)
        => signals.Call() <= 2 ? throw new TimeoutException("not yet" + nothing) : "third time";

    [Function(nameof(Wait))]
    public static async Task<string> Wait([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var began = context.CurrentUtcDateTime;
        await context.CreateTimer(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        context.SetCustomStatus(context.CurrentUtcDateTime - began >= TimeSpan.FromMilliseconds(50) ? "listening" : "too early");
        return await context.WaitForExternalEvent<string>("answer");
    }

    [Function(nameof(Lost))]
    public static Task Lost([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("NoSuchActivity");

    public sealed record Part(int Value);
}
