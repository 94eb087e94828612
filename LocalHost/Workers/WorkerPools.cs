using Slowlane.LocalHost.App;

namespace Slowlane.LocalHost.Workers;

/// <summary>The worker pools. Requests and timers run apart from queues and activities, because Flex Consumption scales them separately.</summary>
/// <param name="Web">The pool of HTTP and timer functions. Null if this host runs none.</param>
/// <param name="Compute">The pool of queue functions, orchestrations and activities. Null if this host runs none.</param>
internal sealed record WorkerPools(WorkerPool? Web, WorkerPool? Compute)
{
    /// <summary>The pool of a function. Null if the function does not run in this host.</summary>
    public WorkerPool? Of(FunctionDefinition function)
        => function.IsHttp || function.Trigger.Is("timerTrigger") ? Web : Compute;

    public async Task StopAsync(TimeSpan grace)
        => await Task.WhenAll(new[] { Web, Compute }.OfType<WorkerPool>().Distinct().Select(pool => pool.StopAsync(grace)));
}
