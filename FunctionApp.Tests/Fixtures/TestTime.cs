using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Slowlane.Tests.Fixtures;

/// <summary>A clock that moves when a test moves it, and tells when a timer is started.</summary>
internal sealed class TestTime() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<bool> _started = Channel.CreateUnbounded<bool>();

    /// <summary>Returns once something waits on this clock.</summary>
    public async Task TimerStartedAsync(CancellationToken cancellationToken) => await _started.Reader.ReadAsync(cancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _started.Writer.TryWrite(true);
        }

        return timer;
    }
}
