using Slowlane.LocalHost.Durable.Storage;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>Removes instances that ended a day ago.</summary>
internal sealed class Retention(InstanceStore instances, TimeProvider time)
{
    private const int Batch = 500;

    private static readonly TimeSpan Age = TimeSpan.FromDays(1);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await PurgeAsync(stopping);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The way a loop ends.
        }
    }

    private async Task PurgeAsync(CancellationToken stopping)
    {
        try
        {
            while (await instances.PurgeOldAsync(Age, Batch, stopping) == Batch)
            {
                // The next batch.
            }
        }
        catch (Exception exception) when (DurableOutage.Is(exception))
        {
            // The work loops tell the outage; the next period purges.
        }
    }
}
