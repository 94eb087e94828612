using Microsoft.Azure.WebJobs;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Protocol;
using Slowlane.LocalHost.Workers;

namespace Slowlane.LocalHost.Triggers;

/// <summary>Runs in workers the functions that the WebJobs SDK starts.</summary>
internal sealed class TriggerInvoker(IReadOnlyList<FunctionDefinition> functions, HttpInputs http, WorkerPools workers, HostLimits limits)
{
    private readonly Dictionary<string, FunctionDefinition> _functions = functions.ToDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>Runs a function.</summary>
    /// <param name="name">The name of the function.</param>
    /// <param name="arguments">The trigger's value (none for HTTP), the inputs, the binder and the token.</param>
    /// <returns>The return value of the function.</returns>
    /// <exception cref="FunctionFailedException">The function failed.</exception>
    /// <exception cref="WorkerProcessExitException">The worker ended before the function.</exception>
    public async Task<object?> InvokeAsync(string name, object?[] arguments)
    {
        var function = _functions[name];
        var inputs = function.Inputs.Zip(arguments[^(function.Inputs.Count + 2)..], Parameter).ToList();
        if (function.IsHttp)
        {
            http.Add(function, inputs); // A request runs this function.
            return null;
        }

        var request = new InvocationRequest { InvocationId = Guid.NewGuid().ToString(), FunctionId = function.Id, TraceContext = new RpcTraceContext() };
        request.InputData.Add(Parameter(function.Trigger, arguments[0]));
        request.InputData.Add(inputs);
        foreach (var (key, value) in ((Binder)arguments[^2]!).BindingData)
        {
            if (IsMetadata(key, value))
            {
                request.TriggerMetadata[key] = TypedValues.Of(value);
            }
        }

        return await InvokeAsync(request, workers.Of(function)!);
    }

    // When the platform stops, it does not cancel invocations. It requests its workers to stop and waits for the running invocations.
    private async Task<object?> InvokeAsync(InvocationRequest request, WorkerPool pool)
    {
        if (request.CalculateSize() > limits.MessageBytes)
        {
            throw new InvalidOperationException($"The input has more than {limits.MessageMebibytes} MiB, the most that a worker takes: put it into a blob and pass its name.");
        }

        var worker = await pool.TakeAsync(CancellationToken.None);
        var response = await worker.InvokeAsync(request, CancellationToken.None);
        return response.Result.Status is StatusResult.Types.Status.Success
            ? TypedValues.From(response.ReturnValue)
            : throw new FunctionFailedException(response.Result);
    }

    private static ParameterBinding Parameter(BindingDefinition binding, object? value) => new() { Name = binding.Name, Data = TypedValues.Of(value) };

    // Excludes the SDK's own objects, and the value itself, which the message already has.
    private static bool IsMetadata(string key, object? value)
        => value is string or int or long or bool or DateTimeOffset or Guid or double && !string.Equals(key, "data", StringComparison.OrdinalIgnoreCase);
}
