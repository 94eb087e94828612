using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Durable.Replay;
using Slowlane.LocalHost.Durable.Storage;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>Decides steps of orchestrations, and records what was decided.</summary>
internal sealed partial class EpisodeWorker(
    EpisodeStore store, DurableFunctions functions, DataConverter converter, DurableOptions options, TimeProvider time, ILoggerFactory loggers, ILogger<EpisodeWorker> logger) : IWorkSource<EpisodeWork>
{
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
        return call.Decision ?? (thrown is null || stopping.IsCancellationRequested ? null : Failed(thrown));
    }

    private static Decision Failed(Exception exception) => new([], HistoryEvent.ExecutionFailed(TaskFailureDetails.FromException(exception)), CustomStatus: null);

    [LoggerMessage(1, LogLevel.Information, "A step of '{Instance}' is dropped: the instance was ended, or its lease ran out and another worker decides.")]
    private partial void LogLost(string instance);
}
