using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Slowlane.LocalHost.Durable.Replay;

/// <summary>Runs an orchestrator from the start over its history, up to what it decides now.</summary>
/// <remarks>Nothing goes in but the episode and nothing comes out but the decision: what runs twice decides twice the same.</remarks>
internal sealed class Replayer
{
    private readonly Episode _episode;
    private readonly DataConverter _converter;
    private readonly OrchestratorThread _thread = new();
    private Task<object?>? _run;

    /// <summary>Must be made on the thread that then replays.</summary>
    public Replayer(Episode episode, DataConverter converter, ILoggerFactory loggers)
    {
        _episode = episode;
        _converter = converter;
        Context = new ReplayContext(episode, _thread, converter, loggers);
    }

    public ReplayContext Context { get; }

    /// <summary>What the orchestrator threw, or did against the rules.</summary>
    public Exception? Error { get; private set; }

    public Decision Replay(Func<Task<object?>> orchestrator)
    {
        try
        {
            for (var i = 0; i < _episode.Past.Count + _episode.News.Count; i++)
            {
                var replaying = i < _episode.Past.Count;
                var happened = replaying ? _episode.Past[i] : _episode.News[i - _episode.Past.Count];
                _thread.Run(() => Apply(happened, replaying, first: i == 0, orchestrator));
            }

            return Decide();
        }
#pragma warning disable CA1031 // Whatever the orchestrator does is its instance's end, not the worker's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Failed(exception);
        }
        finally
        {
            _thread.End();
        }
    }

    private void Apply(HistoryEvent happened, bool replaying, bool first, Func<Task<object?>> orchestrator)
    {
        switch (happened.Kind)
        {
            case EventKind.EpisodeStarted:
                if (!first)
                {
                    RequireCaughtUp();
                }

                Context.BeginStep(happened.At, replaying);
                break;
            case EventKind.ExecutionStarted:
                _run = orchestrator();
                break;
            case EventKind.TaskScheduled or EventKind.TimerCreated:
                if (Context.Confirm(happened) is { } instead)
                {
                    throw new NonDeterministicOrchestrationException($"The history has {Describe.Action(happened)}, and there the code began {instead}.");
                }

                break;
            case EventKind.TaskCompleted or EventKind.TaskFailed or EventKind.TimerFired:
                Context.Settle(happened);
                break;
            case EventKind.EventRaised:
                Context.Raise(happened);
                break;
        }
    }

    /// <summary>Where a step of the history ends, the code must have done all of it, and no more.</summary>
    private void RequireCaughtUp()
    {
        if (Context.Actions.FirstOrDefault() is { } more)
        {
            throw new NonDeterministicOrchestrationException($"The code began {Describe.Action(more)}, and the history has nothing there.");
        }

        if (_run is { IsCompleted: true })
        {
            throw new NonDeterministicOrchestrationException("The code ended, and the history goes on.", _run.Exception?.GetBaseException());
        }
    }

    private Decision Decide()
    {
        if (_thread.Invaded || _run is null || (!_run.IsCompleted && !Context.Waits))
        {
            return Failed(new InvalidOperationException(OrchestratorThread.IllegalAwait));
        }

        if (!_run.IsCompleted)
        {
            return new Decision([.. Context.Actions], End: null, Context.CustomStatus);
        }

#pragma warning disable CA1849, MA0042 // It has ended.
        return _run.Exception?.GetBaseException() is { } thrown ? Failed(thrown)
            : _run.IsCanceled ? Failed(new TaskCanceledException(_run))
            : new Decision([.. Context.Actions], HistoryEvent.ExecutionCompleted(_converter.Serialize(_run.Result)), Context.CustomStatus);
#pragma warning restore CA1849, MA0042
    }

    private Decision Failed(Exception exception)
    {
        Error = exception;
        return new Decision([], HistoryEvent.ExecutionFailed(TaskFailureDetails.FromException(exception)), Context.CustomStatus);
    }
}
