using Slowlane.LocalHost.App;

namespace Slowlane.LocalHost.Workers;

/// <summary>Who runs what: requests and timers apart from queues and activities, as Flex Consumption scales them apart.</summary>
/// <param name="Web">HTTP and timer functions; null where this host runs none.</param>
/// <param name="Compute">Queue functions, orchestrations and activities; null where this host runs none.</param>
internal sealed record WorkerPools(WorkerPool? Web, WorkerPool? Compute)
{
    /// <summary>The workers of a function; null when it does not run here.</summary>
    public WorkerPool? Of(FunctionDefinition function)
        => function.IsHttp || function.Trigger.Is("timerTrigger") ? Web : Compute;

    public async Task StopAsync(TimeSpan grace)
        => await Task.WhenAll(new[] { Web, Compute }.OfType<WorkerPool>().Distinct().Select(pool => pool.StopAsync(grace)));
}
