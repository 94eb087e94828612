using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Slowlane.LocalHost.Processes;

/// <summary>
/// The signals that stop the host: Ctrl-C, Ctrl-\, the end of the terminal, SIGTERM. The host stops in its own order. A second signal ends
/// it at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>Several signals may report the same stop: from a terminal, a shell and a service manager. Within this time they count as one.</summary>
    private static readonly TimeSpan SameStop = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private long _since;
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
        if (_stop.IsCancellationRequested)
        {
            context.Cancel = Stopwatch.GetElapsedTime(_since) < SameStop; // A later signal requests an immediate end. The guard ends what is left.
            return;
        }

        context.Cancel = true;
        _since = Stopwatch.GetTimestamp();
        _stop.Cancel();
    }
}
