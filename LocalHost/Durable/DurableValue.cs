using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.LocalHost.Durable.Work;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Durable;

/// <summary>How the parameters of durable functions get their values.</summary>
internal static class DurableValue
{
    /// <summary>The client, for a function that is no orchestrator: it would call it again at each repetition.</summary>
    /// <exception cref="InvalidOperationException">The parameter has another type, or is an orchestrator's.</exception>
    public static Func<Invocation, object?> Client(FunctionEntry function, ParameterInfo parameter)
        => function.Trigger is OrchestrationTriggerAttribute ? throw new InvalidOperationException($"Function '{function.Name}' is an orchestrator and has a [DurableClient]; give the client to the function that starts it, or to an activity.")
            : parameter.ParameterType == typeof(DurableTaskClient) ? static invocation => invocation.InstanceServices.GetRequiredService<LocalDurableClient>()
            : throw ParameterPlan.Unsupported(function.Name, parameter, "DurableTaskClient");

    /// <summary>The trigger's own parameter.</summary>
    /// <exception cref="InvalidOperationException">An orchestrator's has another type than the context's.</exception>
    public static Func<Invocation, object?> Triggered(FunctionEntry function, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return function.Trigger is ActivityTriggerAttribute ? invocation => Read((ActivityCall)invocation.Trigger, type)
            : type == typeof(TaskOrchestrationContext) ? static invocation => ((EpisodeCall)invocation.Trigger).Context
            : throw ParameterPlan.Unsupported(function.Name, parameter, "TaskOrchestrationContext");
    }

    /// <summary>Another parameter: the first one of an orchestrator is its input; an activity's <c>instanceId</c> is that.</summary>
    /// <exception cref="InvalidOperationException">It is none of these.</exception>
    public static Func<Invocation, object?> Beside(FunctionEntry function, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return function.Trigger is OrchestrationTriggerAttribute && parameter == function.Method.GetParameters().First(IsInput)
            ? invocation => Read((EpisodeCall)invocation.Trigger, type)
            : function.Trigger is ActivityTriggerAttribute && type == typeof(string) && string.Equals(parameter.Name, "instanceId", StringComparison.OrdinalIgnoreCase)
            ? static invocation => ((ActivityCall)invocation.Trigger).InstanceId
            : throw ParameterPlan.Unsupported(function.Name, parameter, "FunctionContext, CancellationToken, an orchestrator's one input, an activity's string instanceId");
    }

    private static bool IsInput(ParameterInfo parameter) => parameter.ParameterType != typeof(TaskOrchestrationContext)
        && parameter.ParameterType != typeof(FunctionContext)
        && parameter.ParameterType != typeof(CancellationToken);

    private static object? Read(ActivityCall call, Type type) => call.Converter.Deserialize(call.Input, type);

    private static object? Read(EpisodeCall call, Type type) => call.Converter.Deserialize(call.Input, type);
}
