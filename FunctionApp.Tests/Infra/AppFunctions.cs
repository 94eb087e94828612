using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Slowlane.Functions;

namespace Slowlane.Tests.Infra;

/// <summary>The app's functions, as its code declares them.</summary>
internal static class AppFunctions
{
    /// <summary>The methods, of the engine and of the app.</summary>
    public static IReadOnlyList<MethodInfo> Methods { get; } = [.. ((Assembly[])[typeof(WorkFunctions).Assembly, typeof(ProfileFunctions).Assembly]).SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)];

    public static IReadOnlyList<string> Names { get; } = [.. Methods.Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name)];

    /// <summary>What they listen to.</summary>
    public static IReadOnlyList<string> Queues { get; } = [.. Methods.SelectMany(method => method.GetParameters())
        .Select(parameter => parameter.GetCustomAttribute<QueueTriggerAttribute>()?.QueueName).OfType<string>()];
}
