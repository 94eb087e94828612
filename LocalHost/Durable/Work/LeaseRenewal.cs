namespace Slowlane.LocalHost.Durable.Work;

/// <summary>Keeps a lease while its work runs. Once it is lost, the work's end is another's to tell; until then a failure is tried again.</summary>
internal sealed class LeaseRenewal : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _renewing;

    /// <param name="renew">Renews once; false when the lease is lost.</param>
    /// <param name="period">How often.</param>
    /// <param name="time">The clock.</param>
    public LeaseRenewal(Func<CancellationToken, Task<bool>> renew, TimeSpan period, TimeProvider time) => _renewing = RenewAsync(renew, period, time, _end.Token);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing;
        _end.Dispose();
    }

    private static async Task RenewAsync(Func<CancellationToken, Task<bool>> renew, TimeSpan period, TimeProvider time, CancellationToken end)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                try
                {
                    if (!await renew(end))
                    {
                        return;
                    }
                }
                catch (Exception exception) when (DurableOutage.Is(exception))
                {
                    // The loops tell the outage; the next tick tries again.
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The work ended.
        }
    }
}
