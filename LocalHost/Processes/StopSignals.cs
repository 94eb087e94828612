using System.Runtime.InteropServices;

namespace Slowlane.LocalHost.Processes;

/// <summary>What ends the host: Ctrl-C, Ctrl-\, the terminal's end, SIGTERM. The end comes by the host's own steps.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations;

    public StopSignals() => _registrations =
    [
        .. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP, PosixSignal.SIGTERM]).Select(signal => PosixSignalRegistration.Create(signal, Handle)),
    ];

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _registrations.ForEach(static registration => registration.Dispose());
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
