using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Slowlane.LocalHost.Settings;
using Slowlane.LocalHost.Workers;

namespace Slowlane.LocalHost.Logging;

/// <summary>Writes each event as one line on the console.</summary>
/// <remarks>
/// <c>func start</c> writes a line before and after each invocation. At thousands of jobs a second these would be most of the output, so this
/// host writes them only with <c>--verbose</c>. Failures are always written. The levels of host.json override these levels.
/// </remarks>
internal static class ConsoleLog
{
    private const string HostInvocations = "Function";

    /// <summary>The default levels of the host's components. host.json can override them.</summary>
    private static readonly (string Category, LogLevel Usual, LogLevel Verbose)[] Levels =
    [
        ("Microsoft", LogLevel.Warning, LogLevel.Warning),
        (WorkerLog.Invocations, LogLevel.Warning, LogLevel.Warning),
        ("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None, LogLevel.None), // The start reports its failure once, as a sentence.
        ("Microsoft.AspNetCore.DataProtection", LogLevel.Error, LogLevel.Error), // Warns of a key ring at the first start. No function uses it.
        ("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error, LogLevel.Warning),
        ("Grpc", LogLevel.Error, LogLevel.Warning), // The host reports a broken stream as the end of its worker.
        ("Yarp", LogLevel.Error, LogLevel.Warning),
        ("Azure", LogLevel.Error, LogLevel.Error), // A blob or queue that does not exist yet is no reason to warn.
        ("Host", LogLevel.Warning, LogLevel.Information),
        ("Host.Results", LogLevel.None, LogLevel.None), // Repeats the line of the function's own category.
        ("Host.Startup", LogLevel.None, LogLevel.Information), // The start reports its failure as a sentence.
        ("Host.Aggregator", LogLevel.None, LogLevel.None),
        ("Host.Triggers.DurableTask", LogLevel.Error, LogLevel.Warning), // Logs each step of each orchestration.
        ("DurableTask", LogLevel.Error, LogLevel.Warning),
        (HostInvocations, LogLevel.Warning, LogLevel.Information),
        ("Worker.System", LogLevel.Error, LogLevel.Information),
    ];

    /// <summary>Creates the logger factory of this process.</summary>
    /// <exception cref="CannotStartException">host.json names a level that does not exist.</exception>
    /// <param name="hostJson">host.json, which can set levels.</param>
    /// <param name="verbose">Whether each invocation is logged.</param>
    /// <param name="stop">Fires when the host stops. Invocations that are interrupted after that are not logged as failures.</param>
    public static ILoggerFactory Create(IConfiguration hostJson, bool verbose, CancellationToken stop)
    {
        var levels = Read(hostJson);
        return LoggerFactory.Create(logging =>
        {
            logging.AddConsole(static console => console.FormatterName = LineFormatter.FormatterName);
            logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
            logging.SetMinimumLevel(levels.GetValueOrDefault("default", LogLevel.Information));
            foreach (var (category, usual, all) in Levels)
            {
                var least = verbose ? all : usual;
                var isOfInvocations = category is HostInvocations or WorkerLog.Invocations;
                logging.AddFilter(category, level => level >= least && least is not LogLevel.None && !(isOfInvocations && stop.IsCancellationRequested));
            }

            foreach (var (category, level) in levels.Where(level => !string.Equals(level.Key, "default", StringComparison.OrdinalIgnoreCase)))
            {
                logging.AddFilter(category, level);
            }
        });
    }

    /// <summary>The minimum levels for a worker. This host would not write anything below them.</summary>
    public static IReadOnlyDictionary<string, LogLevel> WorkerLevels(IConfiguration hostJson)
    {
        var levels = new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase) { ["Microsoft"] = LogLevel.Warning, ["Azure"] = LogLevel.Warning };
        foreach (var (category, level) in Read(hostJson))
        {
            levels[category] = level;
        }

        return levels;
    }

    private static Dictionary<string, LogLevel> Read(IConfiguration hostJson)
    {
        var levels = new Dictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase);
        foreach (var level in hostJson.GetSection("logging:logLevel").GetChildren())
        {
            levels[level.Key] = Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out var parsed)
                ? parsed
                : throw CannotStartException.Usage($"logging.logLevel.{level.Key} in host.json is \"{level.Value}\": choose one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        }

        return levels;
    }
}
