using Slowlane.LocalHost.Queues;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>Takes work while there is a free slot, and sleeps when there is none to take, until the bell rings or the idle time is over.</summary>
internal sealed class WorkLoop<TWork>(IWorkSource<TWork> source, Bell bell, DurableOutage outage, DurableOptions options, TimeProvider time)
    where TWork : class
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly List<Task> _running = [];

    /// <summary>Works until <paramref name="stopping"/>, then waits for what runs. What is left after the limit comes back by its lease.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await StepAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The way a loop ends.
        }

        await Task.WhenAll(_running).WaitAsync(QueueListener.DrainLimit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StepAsync(CancellationToken stopping)
    {
        _running.RemoveAll(static task => task.IsCompleted);
        if (_running.Count >= source.Slots)
        {
            await Task.WhenAny(_running).WaitAsync(stopping);
            return;
        }

        var rung = bell.Next;
        var work = await ClaimAsync(stopping);
        if (work is not null)
        {
            _running.Add(ProcessAsync(work, stopping));
            return;
        }

        using var awake = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(rung, Task.Delay(options.IdlePoll, time, awake.Token));
        await awake.CancelAsync(); // The delay's timer goes with it.
        stopping.ThrowIfCancellationRequested();
    }

    /// <summary>A claim that is cut off may have taken work that nobody does: at the end it gets a moment to answer.</summary>
    private async Task<TWork?> ClaimAsync(CancellationToken stopping)
    {
        using var late = new CancellationTokenSource();
        await using var end = stopping.Register(() => late.CancelAfter(Grace));
        try
        {
            var work = await source.ClaimAsync(late.Token);
            outage.End();
            return work;
        }
#pragma warning disable CA1031 // Whatever it was: a loop that ended would take no more work, and nobody would see it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!stopping.IsCancellationRequested)
            {
                outage.Begin(exception);
            }

            return null;
        }
    }

    private async Task ProcessAsync(TWork work, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            await (stopping.IsCancellationRequested ? source.ReleaseAsync(work, CancellationToken.None) : source.ProcessAsync(work, stopping));
        }
#pragma warning disable CA1031 // See above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            outage.Begin(exception); // Its lease runs out, and somebody takes it again.
        }

        bell.Ring(); // Its end may have made work that this process's loops saw too early.
    }
}
