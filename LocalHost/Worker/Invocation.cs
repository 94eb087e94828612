using Microsoft.Azure.Functions.Worker;
using Slowlane.LocalHost.Durable.Work;

namespace Slowlane.LocalHost.Worker;

/// <summary>One invocation. What an app rarely asks for is made when it asks.</summary>
internal sealed class Invocation(FunctionCall call, object trigger, IServiceProvider services, CancellationToken cancellationToken) : FunctionContext
{
    private string? _id;
    private IDictionary<object, object>? _items;
    private BindingContext? _binding;
    private TraceContext? _trace;
    private ReturnedResult? _result;

    /// <summary>What made the function run: an <c>HttpContext</c>, a <c>QueueMessage</c>, a <c>TimerInfo</c>, an activity's call or a step of an orchestration.</summary>
    public object Trigger => trigger;

    public override string InvocationId => _id ??= Guid.NewGuid().ToString();

    public override string FunctionId => call.Function.Id;

    public override FunctionDefinition FunctionDefinition => call.Function;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override CancellationToken CancellationToken => cancellationToken;

    public override TraceContext TraceContext => _trace ??= InvocationTrace.Of(trigger);

    public override BindingContext BindingContext => _binding ??= new TriggerData(trigger);

    public override IDictionary<object, object> Items
    {
        get => _items ??= new Dictionary<object, object>();
        set => _items = value;
    }

    public InvocationResult Result => _result ??= new ReturnedResult();

    /// <summary>The innermost step: the function itself. An orchestrator is run over its history, on this thread.</summary>
    public async Task CallAsync()
    {
        if (trigger is EpisodeCall episode)
        {
            episode.Run(() => call.CallAsync(this));
        }
        else
        {
            Result.Value = await call.CallAsync(this);
        }
    }

    private sealed class ReturnedResult : InvocationResult
    {
        public override object? Value { get; set; }
    }
}
