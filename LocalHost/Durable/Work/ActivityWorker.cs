using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.Durable.Storage;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>Runs activities: at least once each, in whatever process took them.</summary>
internal sealed partial class ActivityWorker(
    ActivityStore store, DurableFunctions functions, DataConverter converter, DurableOptions options, DurableOutage outage, TimeProvider time, ILogger<ActivityWorker> logger) : IWorkSource<ActivityWork>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public int Slots => options.MaxConcurrentActivityFunctions;

    public Task<ActivityWork?> ClaimAsync(CancellationToken cancellationToken) => store.ClaimAsync(cancellationToken);

    public Task ReleaseAsync(ActivityWork work, CancellationToken cancellationToken) => store.ReleaseAsync(work, cancellationToken);

    public async Task ProcessAsync(ActivityWork work, CancellationToken stopping)
    {
        await using var renewal = new LeaseRenewal(token => store.RenewAsync(work, token), options.Renewal, time);
        var (result, failure) = await RunAsync(work, stopping);
        if (failure is not null && stopping.IsCancellationRequested)
        {
            LogHandedBack(work.Name, work.InstanceId);
            await store.ReleaseAsync(work, CancellationToken.None);
            return;
        }

        await RecordAsync(work, result, failure, stopping);
    }

    private async Task<(string? Result, TaskFailureDetails? Failure)> RunAsync(ActivityWork work, CancellationToken stopping)
    {
        if (functions.Activity(work.Name) is not { } runner)
        {
            return (null, TaskFailureDetails.FromException(DurableFunctions.Missing(work.Name, "activity")));
        }

        string? result = null;
        Exception? thrown = null;
        var succeeded = await runner.RunAsync(
            new ActivityCall(work.InstanceId, work.Input, converter),
            $"Orchestration '{work.InstanceId}' called it.",
            invocation =>
            {
                result = converter.Serialize(invocation.Result.Value);
                return Task.CompletedTask;
            },
            stopping,
            exception => thrown = exception);
        return succeeded ? (result, null) : (null, TaskFailureDetails.FromException(thrown ?? new OperationCanceledException(stopping)));
    }

    /// <summary>A result that was computed is worth waiting for the database, so long as the host lives.</summary>
    private async Task RecordAsync(ActivityWork work, string? result, TaskFailureDetails? failure, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await store.CompleteAsync(work, result, failure, CancellationToken.None);
                return;
            }
            catch (Exception exception) when (DurableOutage.Is(exception) && !stopping.IsCancellationRequested)
            {
                outage.Begin(exception);
                await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Activity '{Name}' of '{Instance}' is handed back: the host stops.")]
    private partial void LogHandedBack(string name, string instance);
}
