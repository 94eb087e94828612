using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Protocol;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.App;

/// <summary>A function, as the worker describes it.</summary>
/// <param name="Id">The id that invocations use.</param>
/// <param name="Name">The name that users see.</param>
/// <param name="Trigger">The binding that starts it.</param>
/// <param name="Inputs">Its other inputs.</param>
internal sealed record FunctionDefinition(string Id, string Name, BindingDefinition Trigger, IReadOnlyList<BindingDefinition> Inputs)
{
    private static readonly string[] Known = ["httpTrigger", "queueTrigger", "timerTrigger", "orchestrationTrigger", "activityTrigger"];

    public bool IsHttp => Trigger.Is("httpTrigger");

    /// <summary>The enabled functions of an app, sorted by name.</summary>
    /// <exception cref="CannotStartException">A function needs a feature that this host does not have.</exception>
    public static IReadOnlyList<FunctionDefinition> ReadAll(IEnumerable<RpcFunctionMetadata> described, IConfiguration settings)
        => [.. described.Where(function => !IsDisabled(function.Name, settings)).Select(Read).OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)];

    private static bool IsDisabled(string name, IConfiguration settings)
        => settings[$"AzureWebJobs.{name}.Disabled"] is "1" || string.Equals(settings[$"AzureWebJobs.{name}.Disabled"], "true", StringComparison.OrdinalIgnoreCase);

    private static FunctionDefinition Read(RpcFunctionMetadata described)
    {
        var bindings = described.RawBindings.Select(BindingDefinition.Parse).ToList();
        var trigger = bindings.Find(binding => binding.IsTrigger)
            ?? throw CannotStartException.Usage($"The function {described.Name} has no trigger: give it one.");
        if (!Known.Contains(trigger.Type, StringComparer.OrdinalIgnoreCase))
        {
            throw Missing(described.Name, $"a {trigger.Type}, and this host has {string.Join(", ", Known)}");
        }

        var inputs = bindings.Where(binding => binding.IsInput && !binding.IsTrigger).ToList();
        if (inputs.Find(input => !input.Is("durableClient")) is { } input)
        {
            throw Missing(described.Name, $"the input {input.Type} \"{input.Name}\", and this host has durableClient");
        }

        if (bindings.Find(binding => !binding.IsInput && !binding.Is("http")) is { } output)
        {
            throw Missing(described.Name, $"the output {output.Type} \"{output.Name}\", and this host has none but HTTP's own");
        }

        return new FunctionDefinition(described.FunctionId, described.Name, trigger, inputs);
    }

    private static CannotStartException Missing(string function, string what)
        => CannotStartException.Usage($"The function {function} has {what}: run the app with Core Tools, or set AzureWebJobs.{function}.Disabled to true.");
}
