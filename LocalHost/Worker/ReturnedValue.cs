using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Slowlane.LocalHost.Worker;

/// <summary>Waits for what a function returned. The way is chosen once, from its return type.</summary>
internal static class ReturnedValue
{
    private static readonly MethodInfo TypedTask = typeof(ReturnedValue).GetMethod(nameof(OfTypedTask), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <exception cref="InvalidOperationException">The return type is none that this host knows what to do with.</exception>
    public static Func<object?, Task<object?>> For(FunctionEntry function)
    {
        var type = function.Method.ReturnType;
        if (type == typeof(void))
        {
            return static _ => Task.FromResult<object?>(null);
        }

        if (type == typeof(Task))
        {
            return static async returned =>
            {
                await (Task)returned!;
                return null;
            };
        }

        var result = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type.GenericTypeArguments[0] : type;
        if (!IsKnown(function.Trigger, result))
        {
            throw new InvalidOperationException($"Function '{function.Name}' returns {type.Name}; LocalHost knows {(function.Trigger is HttpTriggerAttribute ? "IResult, Task<IResult>, " : string.Empty)}Task and void.");
        }

        return result != type
            ? TypedTask.MakeGenericMethod(type.GenericTypeArguments).CreateDelegate<Func<object?, Task<object?>>>()
            : static returned => Task.FromResult(returned);
    }

    private static bool IsKnown(TriggerBindingAttribute trigger, Type result) => trigger switch
    {
        HttpTriggerAttribute => typeof(IResult).IsAssignableFrom(result),
        OrchestrationTriggerAttribute or ActivityTriggerAttribute => !typeof(Task).IsAssignableFrom(result) && result != typeof(ValueTask) && !(result.IsGenericType && result.GetGenericTypeDefinition() == typeof(ValueTask<>)),
        _ => false,
    };

    private static async Task<object?> OfTypedTask<T>(object? returned) => await (Task<T>)returned!;
}
