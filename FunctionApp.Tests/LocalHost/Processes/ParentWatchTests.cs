using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Queues;
using Xunit;

namespace Slowlane.Tests.LocalHost.Processes;

public sealed class ParentWatchTests
{
    [Theory]
    [InlineData("stop\n")]
    [InlineData("")]
    public async Task Worker_WhenToldToStopOrOrphaned_StopsItsHost(string input)
    {
        using var lifetime = new Lifetime();
        using var reader = new StringReader(input);

        await new ParentWatch(lifetime, new QueueBell(), reader, _ => { }, TimeProvider.System).StartAsync(TestContext.Current.CancellationToken);

        await lifetime.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Worker_WhenRungFor_WakesItsListenersAndGoesOn()
    {
        using var lifetime = new Lifetime();
        using var reader = new StringReader("ring\nstop\n");
        var bell = new QueueBell();
        var rung = bell.Next;

        await new ParentWatch(lifetime, bell, reader, _ => { }, TimeProvider.System).StartAsync(TestContext.Current.CancellationToken);

        await rung.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await lifetime.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _never = new();

        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken ApplicationStarted => _never.Token;

        public CancellationToken ApplicationStopping => _never.Token;

        public CancellationToken ApplicationStopped => _never.Token;

        public void StopApplication() => Stopped.TrySetResult();

        public void Dispose() => _never.Dispose();
    }
}
