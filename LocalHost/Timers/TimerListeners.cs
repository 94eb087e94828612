using Microsoft.Extensions.Hosting;

namespace Slowlane.LocalHost.Timers;

/// <summary>The timer functions of this process.</summary>
internal sealed class TimerListeners(IReadOnlyList<TimerListener> listeners, IHostApplicationLifetime lifetime) : IHostedService
{
    private Task _listening = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = Task.WhenAll(listeners.Select(listener => Task.Run(() => listener.ListenAsync(lifetime.ApplicationStopping), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _listening.WaitAsync(cancellationToken);
}
