using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Slowlane.Settings;

/// <summary>The settings <c>Logging:LogLevel:…</c>, which .NET reads and refuses with a stack.</summary>
internal static class LogLevels
{
    /// <exception cref="SettingException">A level does not exist.</exception>
    public static void Require(IConfiguration configuration)
    {
        var logging = configuration.GetSection("Logging");
        foreach (var level in logging.GetChildren().SelectMany(Levels))
        {
            if (level.Value is { Length: > 0 } text && !Enum.TryParse<LogLevel>(text, ignoreCase: true, out _))
            {
                throw new SettingException($"The setting {level.Path} is '{text}'; choose one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            }
        }
    }

    // Of all destinations, as Logging:LogLevel:Default, or of one, as Logging:Console:LogLevel:Default.
    private static IEnumerable<IConfigurationSection> Levels(IConfigurationSection section)
        => (string.Equals(section.Key, "LogLevel", StringComparison.OrdinalIgnoreCase) ? section : section.GetSection("LogLevel")).GetChildren();
}
