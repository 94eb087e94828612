using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Durable.Replay;
using Slowlane.LocalHost.Durable.Storage;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>Decides steps of orchestrations, and records what was decided.</summary>
internal sealed partial class EpisodeWorker(
    EpisodeStore store, DurableFunctions functions, DataConverter converter, DurableOptions options, Bell bell, TimeProvider time, ILoggerFactory loggers, ILogger<EpisodeWorker> logger)
    : IWorkSource<EpisodeWork>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    public int Slots => options.MaxConcurrentOrchestratorFunctions;

    public Task<EpisodeWork?> ClaimAsync(CancellationToken cancellationToken) => store.ClaimAsync(cancellationToken);

    public Task ReleaseAsync(EpisodeWork work, CancellationToken cancellationToken) => store.ReleaseAsync(work, cancellationToken);

    public async Task ProcessAsync(EpisodeWork work, CancellationToken stopping)
    {
        await using var renewal = new LeaseRenewal(token => store.RenewAsync(work, token), options.Renewal, time);
        if (await DecideAsync(work.Episode, stopping) is not { } decision)
        {
            await store.ReleaseAsync(work, CancellationToken.None);
        }
        else if (!await store.CommitAsync(work, decision, CancellationToken.None))
        {
            LogLost(work.Episode.InstanceId);
        }
        else
        {
            RingForTimers(work.Episode.News[0].At, decision, stopping);
        }
    }

    /// <summary>Null when the host stops before there is a decision.</summary>
    private async Task<Decision?> DecideAsync(Episode episode, CancellationToken stopping)
    {
        if (functions.Orchestrator(episode.Name) is not { } runner)
        {
            return Failed(DurableFunctions.Missing(episode.Name, "orchestrator"));
        }

        var call = new EpisodeCall(episode, converter, loggers);
        Exception? thrown = null;
        await runner.RunAsync(call, $"Orchestration '{episode.InstanceId}' goes on.", finish: null, stopping, exception => thrown = exception);
        var decision = call.Decision ?? (thrown is null ? null : Failed(thrown));
        return decision?.End?.Kind is EventKind.ExecutionFailed && stopping.IsCancellationRequested ? null : decision; // It may be the stop that failed it.
    }

    /// <summary>A timer that is due soon is not left to the loops' idle time; if this process dies, it is.</summary>
    private void RingForTimers(DateTime now, Decision decision, CancellationToken stopping)
    {
        foreach (var timer in decision.Actions.Where(timer => timer.FireAt - now < Soon))
        {
            var wait = timer.FireAt!.Value - now;
            _ = bell.RingAfterAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, stopping);
        }
    }

    private static Decision Failed(Exception exception) => new([], HistoryEvent.ExecutionFailed(TaskFailureDetails.FromException(exception)), CustomStatus: null);

    [LoggerMessage(1, LogLevel.Information, "A step of '{Instance}' is dropped: the instance was ended, or its lease ran out and another worker decides.")]
    private partial void LogLost(string instance);
}
