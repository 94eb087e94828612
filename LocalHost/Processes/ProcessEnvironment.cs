using System.Collections;

namespace Slowlane.LocalHost.Processes;

/// <summary>This process's environment, and so that of its workers, less what would mislead them.</summary>
internal static class ProcessEnvironment
{
    private const string Loopback = "localhost,127.0.0.1,[::1]";

    /// <summary>Drops what makes the platform's extensions believe that they run on Azure, and keeps proxies out of what is on this machine.</summary>
    public static void Prepare()
    {
        foreach (var name in Names().Where(IsOfAzure).ToList())
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        foreach (var name in (string[])["NO_PROXY", "no_proxy"])
        {
            var given = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, string.IsNullOrEmpty(given) ? Loopback : $"{given},{Loopback}");
        }

        Environment.SetEnvironmentVariable("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated");
    }

    /// <summary>The environment as configuration spells it.</summary>
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
