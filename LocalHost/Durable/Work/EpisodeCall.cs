using System.Runtime.ExceptionServices;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Durable.Replay;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>What makes an orchestrator function run: its middleware goes around the whole step, the function is run again inside.</summary>
internal sealed class EpisodeCall(Episode episode, DataConverter converter, ILoggerFactory loggers)
{
    /// <summary>What the orchestrator sees, while it runs.</summary>
    public ReplayContext? Context { get; private set; }

    /// <summary>What came of it; null when the step never reached the function.</summary>
    public Decision? Decision { get; private set; }

    public string? Input => episode.Input;

    public DataConverter Converter => converter;

    /// <summary>Replays the function over the history. What it threw is recorded, and thrown for the log and the middleware.</summary>
    public void Run(Func<Task<object?>> function)
    {
        var replayer = new Replayer(episode, converter, loggers);
        Context = replayer.Context;
        Decision = replayer.Replay(function);
        if (replayer.Error is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }
}
