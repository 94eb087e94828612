using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Workers.Protocol;

namespace Slowlane.LocalHost.Workers;

/// <summary>Writes what a worker logs, under its own categories and levels.</summary>
internal sealed class WorkerLog(ILoggerFactory loggers, string worker)
{
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
        if (logger.IsEnabled(level))
        {
            logger.Log(level, default, (worker, line), null, static (state, _) => Text(state.worker, state.line));
        }
    }

    private static string Text(string worker, RpcLog line)
    {
        var text = $"[{worker}] {line.Message}";
        return line.Exception is not { } exception ? text
            : exception.Message.Split('\n')[0] is var first && first.Contains("CanceledException: ", StringComparison.Ordinal) ? $"{text} {first.TrimEnd()}" // Nobody waits for it any more.
            : exception.Message.Contains("\n   at ", StringComparison.Ordinal) ? $"{text}\n    {exception.Message}" // With its stack, as exceptions print themselves.
            : $"{text}\n    {exception.Message}\n    {exception.StackTrace}".TrimEnd();
    }

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
