using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Slowlane.LocalHost.Processes;

/// <summary>What ends the host: Ctrl-C, Ctrl-\, the terminal's end, SIGTERM. The end comes by the host's own steps; a second signal cuts them short.</summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>One end may be told by several signals: of the terminal, of a shell, of a service manager.</summary>
    private static readonly TimeSpan OneEnd = TimeSpan.FromSeconds(2);

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
            context.Cancel = Stopwatch.GetElapsedTime(_since) < OneEnd; // Who asks once more, later, wants no more waiting: the guard ends what is left.
            return;
        }

        context.Cancel = true;
        _since = Stopwatch.GetTimestamp();
        _stop.Cancel();
    }
}
