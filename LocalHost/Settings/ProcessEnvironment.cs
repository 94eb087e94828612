using System.Collections;

namespace Slowlane.LocalHost.Settings;

/// <summary>The environment of this process, which its workers inherit, without variables that would mislead them.</summary>
internal static class ProcessEnvironment
{
    /// <summary>Removes variables that make the platform's extensions assume that they run on Azure.</summary>
    public static void Prepare()
    {
        foreach (var name in Names().Where(IsOfAzure).ToList())
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated");
    }

    /// <summary>The environment, with its variables as configuration keys.</summary>
    public static Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Names())
        {
            settings[LocalSettings.Key(name)] = Environment.GetEnvironmentVariable(name);
        }

        return settings;
    }

    private static bool IsOfAzure(string name)
        => name is "CONTAINER_NAME" or "CONTAINER_APP_NAME" or "KUBERNETES_SERVICE_HOST" || name.StartsWith("WEBSITE_", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Names() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => (string)variable.Key);
}
