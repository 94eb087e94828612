using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Protocol;

namespace Slowlane.LocalHost.Workers;

/// <summary>Writes a worker's log lines with their own categories and levels.</summary>
/// <param name="loggers">The loggers to write to.</param>
/// <param name="worker">The name of the worker.</param>
/// <param name="stacks">The stacks that all workers have written for failures.</param>
internal sealed class WorkerLog(ILoggerFactory loggers, string worker, WrittenStacks stacks)
{
    /// <summary>The category in which a worker logs a failed function, before its answer. The host also writes its own line with the reason.</summary>
    public const string Invocations = "Microsoft.Azure.Functions.Worker.FunctionsApplication";

    /// <summary>The category of the worker itself. Only its warnings and errors matter to users.</summary>
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
            : exception.Message.Contains("\n   at ", StringComparison.Ordinal) ? $"{text}\n    {exception.Message}" // It has its stack already.
            : $"{text}\n    {exception.Message}\n    {exception.StackTrace}".TrimEnd();
    }

    // A cancelled invocation has no waiter, so its stack is of no use.
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
