using Microsoft.Azure.Functions.Worker;

namespace Slowlane.LocalHost.Worker;

/// <summary>One invocation. What an app rarely asks for is made when it asks.</summary>
internal sealed class Invocation(FunctionCall call, object trigger, IServiceProvider services, CancellationToken cancellationToken) : FunctionContext
{
    private string? _id;
    private IDictionary<object, object>? _items;
    private BindingContext? _binding;
    private TraceContext? _trace;
    private ReturnedResult? _result;

    /// <summary>What made the function run: an <c>HttpContext</c>, a <c>QueueMessage</c> or a <c>TimerInfo</c>.</summary>
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

    /// <summary>The innermost step: the function itself.</summary>
    public async Task CallAsync() => Result.Value = await call.CallAsync(this);

    private sealed class ReturnedResult : InvocationResult
    {
        public override object? Value { get; set; }
    }
}
