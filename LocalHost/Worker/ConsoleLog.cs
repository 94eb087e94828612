using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Slowlane.LocalHost.Worker;

/// <summary>One line an event on the console.</summary>
/// <remarks>
/// A line before and after each invocation, as <c>func start</c> writes them, would be most of the output at
/// thousands of jobs a second: they are written with <c>--verbose</c> only, failures always. The levels of
/// host.json apply on top.
/// </remarks>
internal static class ConsoleLog
{
    public static void Add(ILoggingBuilder logging, IConfiguration hostJson, bool verbose)
    {
        logging.AddConsole(static console => console.FormatterName = LineFormatter.FormatterName);
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // What fails the start is told once, as a sentence.
        logging.AddFilter("Azure", LogLevel.Warning);
        logging.AddFilter("Function", verbose ? LogLevel.Information : LogLevel.Warning);
        foreach (var level in hostJson.GetSection("logging:logLevel").GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out var parsed))
            {
                throw new InvalidOperationException($"logging.logLevel.{level.Key} in host.json is '{level.Value}'; choose one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            }

            if (string.Equals(level.Key, "default", StringComparison.OrdinalIgnoreCase))
            {
                logging.SetMinimumLevel(parsed);
            }
            else
            {
                logging.AddFilter(level.Key, parsed);
            }
        }
    }
}
