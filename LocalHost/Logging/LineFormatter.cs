using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Slowlane.LocalHost.Workers;

namespace Slowlane.LocalHost.Logging;

/// <summary>Formats an event as a line, <c>10:15:30.123 warn  QueueListener: what happened</c>, with any exception indented below.</summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "slowlane";

    // No colors if the output goes to a file, or if the user turned them off with NO_COLOR (no-color.org).
    private static readonly bool Colored = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var now = TimeProvider.System.GetLocalNow();
        textWriter.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now:HH:mm:ss.fff} {Level(logEntry.LogLevel)} {Short(logEntry.Category)}: {message}{Reason(logEntry.Exception)}"));
        foreach (var line in Text(logEntry.Exception).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            textWriter.WriteLine("    " + line.TrimEnd());
        }
    }

    private static string Reason(Exception? exception) => exception?.InnerException is FunctionFailedException failed ? " " + failed.Reason : string.Empty;

    // The worker logs the stack of a failed function. The SDK's part of the stack adds nothing.
    private static string Text(Exception? exception) => exception switch
    {
        null => string.Empty,
        { InnerException: FunctionFailedException } => string.Empty,
        { InnerException: WorkerProcessExitException exit } => exit.Message,
        _ => exception.ToString(),
    };

    /// <summary>The last segment of a category: a class name, or a function name after "Function.".</summary>
    private static string Short(string category) => category[(category.LastIndexOf('.') + 1)..];

    private static string Level(LogLevel level)
    {
        var (name, color) = level switch
        {
            LogLevel.Trace => ("trace", 90),
            LogLevel.Debug => ("debug", 90),
            LogLevel.Information => ("info ", 32),
            LogLevel.Warning => ("warn ", 33),
            LogLevel.Error => ("error", 31),
            _ => ("fatal", 31),
        };
        return Colored ? string.Create(CultureInfo.InvariantCulture, $"\e[{color}m{name}\e[0m") : name;
    }
}
