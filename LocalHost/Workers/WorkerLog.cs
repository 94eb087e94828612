using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Workers.Protocol;

namespace Slowlane.LocalHost.Workers;

/// <summary>Writes what a worker logs, under its own categories and levels.</summary>
/// <param name="loggers">Where it writes.</param>
/// <param name="worker">Who logs.</param>
/// <param name="stacks">What all workers have written of failures.</param>
internal sealed class WorkerLog(ILoggerFactory loggers, string worker, WrittenStacks stacks)
{
    /// <summary>Where a worker tells of a function that failed, before it answers: the host's own line comes each time, and says why.</summary>
    public const string Invocations = "Microsoft.Azure.Functions.Worker.FunctionsApplication";

    /// <summary>The worker's own lines, of which only bad news are for people.</summary>
    private const string System = "Worker.System";

    public void Write(RpcLog line)
    {
        if (line.LogCategory is RpcLog.Types.RpcLogCategory.CustomMetric)
        {
            return;
        }

        var isSystem = line.LogCategory is RpcLog.Types.RpcLogCategory.System;
        var logger = loggers.CreateLogger(isSystem ? System : line.Category);
        var level = LevelOf(line.Level);
        if (logger.IsEnabled(level) && (line.Category is not Invocations || !HasStack(line.Exception) || stacks.Add(line.Exception.Message)))
        {
            logger.Log(level, default, (worker, line), null, static (state, _) => Text(state.worker, state.line));
        }
    }

    private static string Text(string worker, RpcLog line)
    {
        var text = $"[{worker}] {line.Message}";
        return line.Exception is not { } exception ? text
            : !HasStack(exception) ? $"{text} {FirstLine(exception).TrimEnd()}"
            : exception.Message.Contains("\n   at ", StringComparison.Ordinal) ? $"{text}\n    {exception.Message}" // With its stack, as exceptions print themselves.
            : $"{text}\n    {exception.Message}\n    {exception.StackTrace}".TrimEnd();
    }

    // Nobody waits any more for what was cancelled: its stack tells nothing.
    private static bool HasStack([NotNullWhen(true)] RpcException? exception)
        => exception is not null && !FirstLine(exception).Contains("CanceledException: ", StringComparison.Ordinal);

    private static string FirstLine(RpcException exception) => exception.Message.Split('\n')[0];

    private static LogLevel LevelOf(RpcLog.Types.Level level) => level switch
    {
        RpcLog.Types.Level.Trace => LogLevel.Trace,
        RpcLog.Types.Level.Debug => LogLevel.Debug,
        RpcLog.Types.Level.Information => LogLevel.Information,
        RpcLog.Types.Level.Warning => LogLevel.Warning,
        RpcLog.Types.Level.Error => LogLevel.Error,
        RpcLog.Types.Level.Critical => LogLevel.Critical,
        _ => LogLevel.None,
    };
}
