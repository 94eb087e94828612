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
    /// <param name="described">The functions of the app.</param>
    /// <param name="chosen">The names of those to run, from host.json. Empty for all.</param>
    /// <param name="settings">The settings, which can disable functions.</param>
    /// <exception cref="CannotStartException">A function needs a feature that this host does not have.</exception>
    public static IReadOnlyList<FunctionDefinition> ReadAll(IEnumerable<RpcFunctionMetadata> described, IReadOnlyList<string> chosen, IConfiguration settings)
        => [.. described.Where(function => IsEnabled(function.Name, chosen, settings)).Select(Read).OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)];

    private static bool IsEnabled(string name, IReadOnlyList<string> chosen, IConfiguration settings)
        => (chosen.Count == 0 || chosen.Contains(name, StringComparer.OrdinalIgnoreCase)) && !DisabledSettings(name).Any(setting => IsOn(settings[setting]));

    // Environment variables on Linux can't have dots. The second form is that of a variable with two underscores.
    private static string[] DisabledSettings(string name) => [$"AzureWebJobs.{name}.Disabled", $"AzureWebJobs:{name}:Disabled", $"AzureWebJobs_{name}_Disabled"];

    private static bool IsOn(string? value) => value is "1" || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    private static FunctionDefinition Read(RpcFunctionMetadata described)
    {
        var bindings = described.RawBindings.Select(BindingDefinition.Parse).ToList();
        var trigger = bindings.Find(binding => binding.IsTrigger)
            ?? throw CannotStartException.Usage($"The function {described.Name} has no trigger: give it one.");
        if (!Known.Contains(trigger.Type, StringComparer.OrdinalIgnoreCase))
        {
            throw Missing(described.Name, $"a {trigger.Type}, and this host has {string.Join(", ", Known)}");
        }

        // The platform applies it to timers and ignores it for queues, which have dequeue counts. HTTP, orchestrations and activities have none.
        if (trigger.Is("timerTrigger") && described.RetryOptions is { MaxRetryCount: not 0 })
        {
            throw Missing(described.Name, "a retry policy, and this host runs a timer once each time");
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
