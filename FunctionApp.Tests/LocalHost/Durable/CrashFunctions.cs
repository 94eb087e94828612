using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Slowlane.Tests.LocalHost.Durable;

/// <summary>Functions that stand still in one process, while another lives.</summary>
public sealed class CrashFunctions(Signals signals)
{
    [Function(nameof(CallHolding))]
    public static async Task<string> CallHolding([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var held = await context.CallActivityAsync<string>(nameof(Hold));
        await context.WaitForExternalEvent<object>("end");
        return held;
    }

    [Function(nameof(Hold))]
    public async Task<string> Hold([ActivityTrigger] object? nothing)
    {
        await signals.HoldAsync("holding" + nothing);
        return signals.Process;
    }

    [Function(nameof(HoldStep))]
    public async Task<string> HoldStep([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        signals.Block("holding");
        return await context.CallActivityAsync<string>(nameof(Name));
    }

    [Function(nameof(Name))]
    public string Name([ActivityTrigger] object? nothing) => signals.Process + signals.Call() + nothing;

    [Function(nameof(CallPolite))]
    public static Task<string> CallPolite([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>(nameof(Polite));

    [Function(nameof(Polite))]
    public async Task<string> Polite([ActivityTrigger] object? nothing, CancellationToken cancellationToken)
    {
        signals.Set("holding" + nothing);
        if (signals.Holds)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return signals.Process;
    }

    [Function(nameof(Versioned))]
    public async Task<string> Versioned([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var name = await context.CallActivityAsync<string>(signals.NewVersion ? nameof(Polite) : nameof(Name));
        signals.Set("named");
        return name + await context.WaitForExternalEvent<string>("answer");
    }
}
