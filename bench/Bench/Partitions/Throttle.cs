using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Partitions;

/// <summary>Lets a process run for a share of the time: as if it had a slower processor of its own. (SIGSTOP and SIGCONT, a few times a second each.)</summary>
internal sealed class Throttle : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;

    private Throttle(int process, double share) => _loop = Task.Factory.StartNew(() => Run(process, share), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Throttle Of(int process, double share) => new(process, share);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _end.Dispose();
    }

    private void Run(int process, double share)
    {
        while (!_end.IsCancellationRequested)
        {
            Signals.Send(process, Signals.Continue);
            Thread.Sleep(Period * share);
            Signals.Send(process, Signals.Stop);
            _end.Token.WaitHandle.WaitOne(Period * (1 - share));
        }

        Signals.Send(process, Signals.Continue);
    }
}
