using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

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

        if (function.Trigger is HttpTriggerAttribute && typeof(IResult).IsAssignableFrom(type))
        {
            return static returned => Task.FromResult(returned);
        }

        return function.Trigger is HttpTriggerAttribute && type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) && typeof(IResult).IsAssignableFrom(type.GenericTypeArguments[0])
            ? TypedTask.MakeGenericMethod(type.GenericTypeArguments).CreateDelegate<Func<object?, Task<object?>>>()
            : throw new InvalidOperationException(
                $"Function '{function.Name}' returns {type.Name}; LocalHost knows {(function.Trigger is HttpTriggerAttribute ? "IResult, Task<IResult>, " : string.Empty)}Task and void.");
    }

    private static async Task<object?> OfTypedTask<T>(object? returned) => await (Task<T>)returned!;
}
