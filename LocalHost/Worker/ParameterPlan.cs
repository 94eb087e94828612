using System.Reflection;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Slowlane.LocalHost.Durable;

namespace Slowlane.LocalHost.Worker;

/// <summary>How each parameter of a function gets its value: settled once at start, so that a call only fills an array.</summary>
internal static class ParameterPlan
{
    /// <summary>One source a parameter, in the method's order.</summary>
    /// <exception cref="InvalidOperationException">A parameter has a type that this host can't fill.</exception>
    public static Func<Invocation, object?>[] For(FunctionEntry function)
        => [.. function.Method.GetParameters().Select(parameter => Source(function, parameter))];

    private static Func<Invocation, object?> Source(FunctionEntry function, ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(FunctionContext))
        {
            return static invocation => invocation;
        }

        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return static invocation => invocation.CancellationToken;
        }

        if (parameter.IsDefined(typeof(DurableClientAttribute)))
        {
            return DurableValue.Client(function, parameter);
        }

        return parameter.Position == function.TriggerParameter.Position ? Triggered(function, parameter)
            : function.Trigger is OrchestrationTriggerAttribute or ActivityTriggerAttribute ? DurableValue.Beside(function, parameter)
            : function.Trigger is HttpTriggerAttribute ? RequestValue.Source(function.Name, parameter)
            : throw Unsupported(function.Name, parameter, "FunctionContext, CancellationToken");
    }

    private static Func<Invocation, object?> Triggered(FunctionEntry function, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return function.Trigger switch
        {
            HttpTriggerAttribute when type == typeof(HttpRequest) => static invocation => ((HttpContext)invocation.Trigger).Request,
            HttpTriggerAttribute => throw Unsupported(function.Name, parameter, "HttpRequest"),
            TimerTriggerAttribute when type == typeof(TimerInfo) => static invocation => invocation.Trigger,
            TimerTriggerAttribute => throw Unsupported(function.Name, parameter, "TimerInfo"),
            QueueTriggerAttribute when type == typeof(QueueMessage) => static invocation => invocation.Trigger,
            QueueTriggerAttribute when type == typeof(string) => static invocation => ((QueueMessage)invocation.Trigger).Body.ToString(),
            QueueTriggerAttribute when type == typeof(byte[]) => static invocation => ((QueueMessage)invocation.Trigger).Body.ToArray(),
            QueueTriggerAttribute when type == typeof(BinaryData) => static invocation => ((QueueMessage)invocation.Trigger).Body,
            OrchestrationTriggerAttribute or ActivityTriggerAttribute => DurableValue.Triggered(function, parameter),
            _ => throw Unsupported(function.Name, parameter, "string, byte[], BinaryData, QueueMessage"),
        };
    }

    internal static InvalidOperationException Unsupported(string function, ParameterInfo parameter, string known)
        => new($"Function '{function}': parameter '{parameter.Name}' has type {parameter.ParameterType.Name}, which LocalHost can't fill there; choose one of {known}.");
}
