using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace TinyApp;

/// <param name="A">One number.</param>
/// <param name="B">Another.</param>
public sealed record Pair(int A, int B);

/// <param name="Sum">Of the pair.</param>
public sealed record Total(int Sum);

/// <summary>A small orchestration, started by a request and by a message.</summary>
public sealed class DurableFunctions
{
    private static readonly TaskOptions Twice = TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromMilliseconds(100)));

    /// <summary>Starts an orchestration and waits for its end.</summary>
    [Function("Orchestrate")]
    public static async Task<IResult> Orchestrate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orchestrate/{name}/{size:int=0}")] HttpRequest request,
        string name,
        int size,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var input = new Pair(size, request.Query.Count);
        var id = await client.ScheduleNewOrchestrationInstanceAsync(name, input, cancellationToken);
        var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken);
        return Results.Text($"{ended.RuntimeStatus} {ended.SerializedOutput ?? ended.FailureDetails?.ErrorMessage}");
    }

    [Function("Start")]
    public static Task Start([QueueTrigger("start")] Pair pair, [DurableClient] DurableTaskClient client)
        => client.ScheduleNewOrchestrationInstanceAsync(nameof(AddUp), pair);

    [Function("StartToFill")]
    public static Task StartToFill([QueueTrigger("fill")] Pair pair, [DurableClient] DurableTaskClient client)
        => client.ScheduleNewOrchestrationInstanceAsync(nameof(Fill), pair);

    [Function(nameof(AddUp))]
    public static async Task<Total> AddUp([OrchestrationTrigger] TaskOrchestrationContext context, Pair pair)
    {
        var total = await context.CallActivityAsync<Total>(nameof(Add), pair);
        await context.CallActivityAsync(nameof(Tell), total);
        return total;
    }

    [Function(nameof(Add))]
    public static Total Add([ActivityTrigger] Pair pair) => new(pair.A + pair.B);

    [Function(nameof(Tell))]
    public static Task Tell([ActivityTrigger] Total total) => Notes.WriteAsync("total", total.ToString());

    /// <summary>Returns how an activity failed.</summary>
    [Function(nameof(Explain))]
    public static async Task<string> Explain([OrchestrationTrigger] TaskOrchestrationContext context, Pair pair)
    {
        try
        {
            await context.CallActivityAsync(nameof(Break), pair, Twice);
            return "no failure";
        }
        catch (TaskFailedException failed)
        {
            return $"{failed.FailureDetails.ErrorType}: {failed.FailureDetails.ErrorMessage}";
        }
    }

    [Function(nameof(Break))]
    public static async Task Break([ActivityTrigger] Pair pair)
    {
        await Notes.WriteAsync("break", pair.ToString());
        throw new ArgumentOutOfRangeException(nameof(pair), pair.A, "The pair is broken.");
    }

    /// <summary>Has an activity return so many bytes.</summary>
    [Function(nameof(Fill))]
    public static async Task<int> Fill([OrchestrationTrigger] TaskOrchestrationContext context, Pair pair)
        => (await context.CallActivityAsync<string>("TextActivity", pair)).Length;

    [Function(nameof(Text) + "Activity")]
    public static async Task<string> Text([ActivityTrigger] Pair pair)
    {
        await Notes.WriteAsync("fill", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new string('x', pair.A);
    }
}
