using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Triggers;

/// <summary>A binding of a function in the form of the WebJobs SDK: an attribute on a typed parameter.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="ParameterType">The type of the SDK's argument.</param>
/// <param name="Attribute">The attribute.</param>
internal sealed record TriggerBinding(string Name, Type ParameterType, CustomAttributeBuilder Attribute)
{
    /// <exception cref="CannotStartException">A value is missing.</exception>
    public static TriggerBinding Of(FunctionDefinition function, BindingDefinition binding) => binding.Type.ToUpperInvariant() switch
    {
        "QUEUETRIGGER" => new(binding.Name, QueueType(binding), Make<QueueTriggerAttribute>(binding, Required(function, binding, "queueName"))),
        "TIMERTRIGGER" => new(binding.Name, typeof(TimerInfo), Make<TimerTriggerAttribute>(binding, Required(function, binding, "schedule"))),
        "ORCHESTRATIONTRIGGER" => new(binding.Name, typeof(string), Make<OrchestrationTriggerAttribute>(binding)),
        "ACTIVITYTRIGGER" => new(binding.Name, typeof(string), Make<ActivityTriggerAttribute>(binding)),
        "DURABLECLIENT" => new(binding.Name, typeof(string), Make<DurableClientAttribute>(binding)),
        _ => throw new ArgumentException($"'{binding.Type}' is not a binding of a trigger.", nameof(binding)),
    };

    // An SDK type of the worker is created from data that names the source. Bytes remain bytes.
    private static Type QueueType(BindingDefinition binding)
        => binding.IsDeferred ? typeof(ParameterBindingData)
            : string.Equals(binding["dataType"], "Binary", StringComparison.OrdinalIgnoreCase) ? typeof(byte[])
            : typeof(string);

    private static string Required(FunctionDefinition function, BindingDefinition binding, string name)
        => binding[name] ?? throw CannotStartException.Usage($"The function {function.Name} has a {binding.Type} without \"{name}\": give it one.");

    private static CustomAttributeBuilder Make<TAttribute>(BindingDefinition binding, params object[] arguments)
    {
        var properties = typeof(TAttribute).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.CanWrite && property.SetMethod!.IsPublic)
            .Select(property => (Property: property, Value: Value(property.PropertyType, binding[property.Name])))
            .Where(pair => pair.Value is not null)
            .ToList();
        var constructor = typeof(TAttribute).GetConstructor([.. arguments.Select(argument => argument.GetType())])!;
        return new CustomAttributeBuilder(constructor, arguments, [.. properties.Select(pair => pair.Property)], [.. properties.Select(pair => pair.Value)]);
    }

    private static object? Value(Type type, string? text)
        => text is null ? null
            : type == typeof(string) ? text
            : type == typeof(bool) && bool.TryParse(text, out var value) ? value
            : null;
}
