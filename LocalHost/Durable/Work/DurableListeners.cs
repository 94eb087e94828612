using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Durable.Storage;

namespace Slowlane.LocalHost.Durable.Work;

/// <summary>The orchestrators and activities of this process.</summary>
internal sealed class DurableListeners(
    WorkLoop<EpisodeWork> episodes, WorkLoop<ActivityWork> activities, BellRinger ringer, Retention retention, IHostApplicationLifetime lifetime) : IHostedService
{
    private Task _listening = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var stopping = lifetime.ApplicationStopping;
        _listening = Task.WhenAll(
            Task.Run(() => episodes.RunAsync(stopping), CancellationToken.None),
            Task.Run(() => activities.RunAsync(stopping), CancellationToken.None),
            Task.Run(() => ringer.ListenAsync(stopping), CancellationToken.None),
            Task.Run(() => retention.RunAsync(stopping), CancellationToken.None));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _listening.WaitAsync(cancellationToken);
}
