using System.ComponentModel;
using System.Reflection;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Triggers;

/// <summary>Checks settings of the platform's extensions. The extensions would refuse them with a message that does not name the setting.</summary>
internal static class ExtensionSettings
{
    private const string Durable = "extensions:durableTask";
    private const string Provider = Durable + ":storageProvider";

    /// <exception cref="CannotStartException">A value has the wrong type.</exception>
    public static void CheckQueues(IConfiguration hostJson) => CheckKinds<QueuesOptions>(hostJson, "extensions:queues");

    /// <param name="hostJson">host.json.</param>
    /// <param name="settings">The values of names in percent signs.</param>
    /// <exception cref="CannotStartException">A value has the wrong type, or requests a feature that this host does not have.</exception>
    public static void CheckDurable(IConfiguration hostJson, IConfiguration settings)
    {
        if (hostJson[Provider + ":type"] is { } type && !type.Equals("AzureStorage", StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(Provider + ":type", type, "this host has AzureStorage alone, so choose that, or run the app with Core Tools");
        }

        CheckKinds<DurableTaskOptions>(hostJson, Durable);
        CheckKinds<AzureStorageOptions>(hostJson, Provider);
        if (hostJson[Durable + ":hubName"] is { } hub)
        {
            CheckHub(hub.Length > 2 && hub[0] == '%' && hub[^1] == '%' ? settings[hub[1..^1]] ?? hub : hub);
        }
    }

    private static void CheckHub(string hub)
    {
        try
        {
            new AzureStorageOptions().ValidateHubName(hub);
        }
        catch (ArgumentException)
        {
            throw Refused(Durable + ":hubName", hub, "choose 3 to 45 letters and digits, a letter first");
        }
    }

    private static void CheckKinds<TOptions>(IConfiguration hostJson, string section)
    {
        foreach (var property in typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.CanWrite))
        {
            var key = $"{section}:{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}";
            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (hostJson[key] is { } value && Allowed(kind) is { } allowed && !IsOf(property.PropertyType, value))
            {
                throw Refused(key, value, allowed);
            }
        }
    }

    // Converts the value in the same way as the options binder.
    private static bool IsOf(Type type, string value)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return true;
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
        {
            return false;
        }
    }

    private static string? Allowed(Type kind)
        => kind == typeof(TimeSpan) ? "choose a time as hh:mm:ss, such as 00:00:30"
            : kind == typeof(int) ? "choose a whole number"
            : kind == typeof(bool) ? "choose true or false"
            : kind.IsEnum ? $"choose one of {string.Join(", ", Enum.GetNames(kind))}"
            : null;

    private static CannotStartException Refused(string key, string value, string remedy)
        => CannotStartException.Usage($"{key.Replace(':', '.')} in host.json is \"{value}\": {remedy}.");
}
