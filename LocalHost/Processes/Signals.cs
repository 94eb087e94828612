using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Slowlane.LocalHost.Processes;

/// <summary>
/// What signals mean. A terminal sends Ctrl-C, Ctrl-\ and its own end to the host and to the workers alike: the host stops,
/// and its workers wait to be told by the host. SIGTERM stops whoever gets it.
/// </summary>
internal sealed class Signals(IHostApplicationLifetime lifetime, bool supervised) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public static void Register(IServiceCollection services, bool supervised)
        => services.Replace(ServiceDescriptor.Singleton<IHostLifetime>(provider => new Signals(provider.GetRequiredService<IHostApplicationLifetime>(), supervised)));

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP, PosixSignal.SIGTERM])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(static registration => registration.Dispose());

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true; // The end comes by the host's own steps.
        if (!supervised || context.Signal is PosixSignal.SIGTERM)
        {
            lifetime.StopApplication();
        }
    }
}
