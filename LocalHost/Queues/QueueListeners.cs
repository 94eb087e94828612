using Microsoft.Extensions.Hosting;

namespace Slowlane.LocalHost.Queues;

/// <summary>The queue functions of this process.</summary>
internal sealed class QueueListeners(IReadOnlyList<QueueListener> listeners, IHostApplicationLifetime lifetime) : IHostedService
{
    private Task _listening = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = Task.WhenAll(listeners.Select(listener => Task.Run(() => listener.ListenAsync(lifetime.ApplicationStopping), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _listening.WaitAsync(cancellationToken);
}
