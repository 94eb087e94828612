using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Durable;

/// <summary><c>extensions.durableTask</c> of host.json, with the real host's defaults. What is official and means nothing here is passed over; what is not official is refused.</summary>
internal sealed partial record DurableOptions
{
    private const string Section = "extensions:durableTask";

    private static readonly FrozenSet<string> PassedOver = new[]
    {
        "appLeaseOptions", "defaultVersion", "entityMessageReorderWindowInMinutes", "extendedSessionIdleTimeoutInSeconds", "extendedSessionsEnabled", "httpSettings",
        "localRpcEndpointEnabled", "maxConcurrentEntityFunctions", "maxEntityOperationBatchSize", "maxOrchestrationActions", "notifications",
        "overridableExistingInstanceStates", "rollbackEntityOperationsOnExceptions", "storageProvider", "storeInputsInOrchestrationHistory",
        "throwStatusExceptionsOnRaiseEvent", "tracing", "useAppLease", "useGracefulShutdown", "versionFailureStrategy", "versionMatchStrategy",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keeps the instances of apps that share a database apart.</summary>
    public string HubName { get; init; } = "TestHubName";

    /// <summary>Activities at a time in one process. Ten a core by default.</summary>
    public int MaxConcurrentActivityFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrators at a time in one process. Ten a core by default.</summary>
    public int MaxConcurrentOrchestratorFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>How long a worker that is not heard of keeps what it took. Fixed, but for tests.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a worker is heard of.</summary>
    public TimeSpan Renewal { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often the database is asked when nobody rings: for timers, and for what dead workers left.</summary>
    public TimeSpan IdlePoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <exception cref="InvalidOperationException">A value or a name can't be used.</exception>
    public static DurableOptions Read(IConfiguration hostJson, IConfiguration settings)
    {
        var section = hostJson.GetSection(Section);
        var defaults = new DurableOptions();
        foreach (var child in section.GetChildren())
        {
            if (!PassedOver.Contains(child.Key) && child.Key.ToUpperInvariant() is not ("HUBNAME" or "MAXCONCURRENTACTIVITYFUNCTIONS" or "MAXCONCURRENTORCHESTRATORFUNCTIONS"))
            {
                throw new InvalidOperationException($"extensions.durableTask.{child.Key} in host.json is none of the durable extension's settings; correct its name, or leave it out.");
            }
        }

        return defaults with
        {
            HubName = Hub(section["hubName"] is { Length: > 0 } hub ? LaunchConfiguration.Expand(hub, settings) : defaults.HubName),
            MaxConcurrentActivityFunctions = Count(section, "maxConcurrentActivityFunctions", defaults.MaxConcurrentActivityFunctions),
            MaxConcurrentOrchestratorFunctions = Count(section, "maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestratorFunctions),
        };
    }

    private static string Hub(string name) => HubPattern().IsMatch(name)
        ? name
        : throw new InvalidOperationException($"extensions.durableTask.hubName in host.json is '{name}'; begin with a letter, and take 3 to 45 letters and digits.");

    private static int Count(IConfigurationSection section, string name, int fallback)
        => section[name] is not { Length: > 0 } text ? fallback
            : int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value > 0 ? value
            : throw new InvalidOperationException($"extensions.durableTask.{name} in host.json is '{text}'; choose a whole number from 1.");

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,44}\\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex HubPattern();
}
