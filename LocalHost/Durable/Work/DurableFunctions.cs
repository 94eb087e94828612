using System.Collections.Frozen;
using Microsoft.Azure.Functions.Worker;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>The app's orchestrators and activities, by name.</summary>
internal sealed class DurableFunctions(IEnumerable<FunctionRunner> runners)
{
    private readonly FrozenDictionary<string, FunctionRunner> _byName = runners.ToFrozenDictionary(static runner => runner.Function.Name, StringComparer.OrdinalIgnoreCase);

    public FunctionRunner? Orchestrator(string name) => Find<OrchestrationTriggerAttribute>(name);

    public FunctionRunner? Activity(string name) => Find<ActivityTriggerAttribute>(name);

    /// <summary>What is said of a name that has no function, as officially.</summary>
    public static InvalidOperationException Missing(string name, string kind)
        => new($"The function '{name}' doesn't exist, is disabled, or is not an {kind} function. Additional info: check its name, and that every worker runs the same version of the app.");

    private FunctionRunner? Find<TTrigger>(string name) => _byName.TryGetValue(name, out var runner) && runner.Function.Trigger is TTrigger ? runner : null;
}
