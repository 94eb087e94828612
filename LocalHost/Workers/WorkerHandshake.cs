using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Protocol;

namespace Slowlane.LocalHost.Workers;

/// <summary>The messages before the first invocation: capabilities, the list of functions, the load of each function, a status request. No I/O.</summary>
internal sealed class WorkerHandshake(AppFolder app)
{
    /// <summary>The capabilities of this host: HTTP bodies are not part of messages, and cancellations are sent.</summary>
    private static readonly string[] Capabilities =
    [
        "RpcHttpBodyOnly", "RawHttpBodyBytes", "RpcHttpTriggerMetadataRemoved", "TypedDataCollection",
        "UseNullableValueDictionaryForHttp", "HandlesInvocationCancelMessage", "V2Compatable",
    ];

    private int _loading;

    /// <summary>Whether the worker can run functions.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why the worker can't run functions. Null if nothing has failed.</summary>
    public string? Failure { get; private set; }

    public IReadOnlyList<RpcFunctionMetadata> Functions { get; private set; } = [];

    public string? HttpAddress { get; private set; }

    /// <summary>The host's first message.</summary>
    public StreamingMessage Begin()
    {
        var request = new WorkerInitRequest { HostVersion = "4.0.0", WorkerDirectory = app.Location, FunctionAppDirectory = app.Location };
        foreach (var capability in Capabilities)
        {
            request.Capabilities[capability] = "true";
        }

        return Message(message => message.WorkerInitRequest = request);
    }

    /// <summary>The host's replies to a message of the worker.</summary>
    public IReadOnlyList<StreamingMessage> Advance(StreamingMessage message) => message.ContentCase switch
    {
        StreamingMessage.ContentOneofCase.WorkerInitResponse => Greeted(message.WorkerInitResponse),
        StreamingMessage.ContentOneofCase.FunctionMetadataResponse => Listed(message.FunctionMetadataResponse),
        StreamingMessage.ContentOneofCase.FunctionLoadResponse => Loaded(message.FunctionLoadResponse),
        StreamingMessage.ContentOneofCase.WorkerStatusResponse => Done(),
        _ => [],
    };

    private List<StreamingMessage> Greeted(WorkerInitResponse response)
    {
        if (HasFailed(response.Result, "The worker could not be initialized"))
        {
            return [];
        }

        HttpAddress = response.Capabilities.TryGetValue("HttpUri", out var address) ? address.TrimEnd('/') : null;
        return [Message(next => next.FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = app.Location })];
    }

    private List<StreamingMessage> Listed(FunctionMetadataResponse response)
    {
        if (HasFailed(response.Result, "The worker could not list its functions"))
        {
            return [];
        }

        if (response.FunctionMetadataResults.Count == 0)
        {
            Failure = $"The app in {app.Location} has no functions: give a public method the attribute [Function], and build again.";
            return [];
        }

        Functions = [.. response.FunctionMetadataResults];
        _loading = Functions.Count;
        return [.. Functions.Select(function => Message(next => next.FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function }))];
    }

    private List<StreamingMessage> Loaded(FunctionLoadResponse response)
    {
        var name = Functions.FirstOrDefault(function => string.Equals(function.FunctionId, response.FunctionId, StringComparison.Ordinal))?.Name;
        return !HasFailed(response.Result, $"The function {name} could not be loaded") && --_loading == 0
            ? [Message(next => next.WorkerStatusRequest = new WorkerStatusRequest())]
            : [];
    }

    private List<StreamingMessage> Done()
    {
        IsDone = Failure is null;
        return [];
    }

    private bool HasFailed(StatusResult? result, string what)
    {
        if (result is null || result.Status is StatusResult.Types.Status.Success)
        {
            return false;
        }

        Failure = $"{what}: {(result.Exception?.Message ?? result.Result).Split('\n')[0].TrimEnd()}"; // The other lines are the stack.
        return true;
    }

    private static StreamingMessage Message(Action<StreamingMessage> content)
    {
        var message = new StreamingMessage { RequestId = Guid.NewGuid().ToString() };
        content(message);
        return message;
    }
}
