using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Workers;

namespace Slowlane.LocalHost.Logging;

/// <summary>One line an event on the console.</summary>
/// <remarks>
/// A line before and after each invocation, as <c>func start</c> writes them, would be most of the output at
/// thousands of jobs a second: they are written with <c>--verbose</c> only, failures always. The levels of
/// host.json apply on top.
/// </remarks>
internal static class ConsoleLog
{
    private const string HostInvocations = "Function";

    /// <summary>What the parts of the host say by themselves, unless host.json says otherwise.</summary>
    private static readonly (string Category, LogLevel Usual, LogLevel Verbose)[] Levels =
    [
        ("Microsoft", LogLevel.Warning, LogLevel.Warning),
        (WorkerLog.Invocations, LogLevel.Warning, LogLevel.Warning),
        ("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None, LogLevel.None), // What fails the start is told once, as a sentence.
        ("Microsoft.AspNetCore.DataProtection", LogLevel.Error, LogLevel.Error), // A key ring at the first start, which no function uses.
        ("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error, LogLevel.Warning),
        ("Grpc", LogLevel.Error, LogLevel.Warning), // A stream that breaks off is told of as the end of its worker.
        ("Yarp", LogLevel.Error, LogLevel.Warning),
        ("Azure", LogLevel.Error, LogLevel.Error), // A blob or queue that is not there yet is no warning.
        ("Host", LogLevel.Warning, LogLevel.Information),
        ("Host.Results", LogLevel.None, LogLevel.None), // Says once more what the function's own category says.
        ("Host.Startup", LogLevel.None, LogLevel.Information), // What fails the start is told as a sentence.
        ("Host.Aggregator", LogLevel.None, LogLevel.None),
        ("Host.Triggers.DurableTask", LogLevel.Error, LogLevel.Warning), // Each step of each orchestration.
        ("DurableTask", LogLevel.Error, LogLevel.Warning),
        (HostInvocations, LogLevel.Warning, LogLevel.Information),
        ("Worker.System", LogLevel.Error, LogLevel.Information),
    ];

    /// <summary>Makes the loggers of this process.</summary>
    /// <exception cref="CannotStartException">host.json names a level that does not exist.</exception>
    /// <param name="hostJson">host.json, with its levels.</param>
    /// <param name="verbose">Whether each invocation has its lines.</param>
    /// <param name="stop">Fires when the host stops: invocations that it cuts off then are no failures.</param>
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

    /// <summary>The levels that a worker need not go below: nothing less is written here.</summary>
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
