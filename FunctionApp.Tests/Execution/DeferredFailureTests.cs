using Slowlane.Execution;
using Xunit;

namespace Slowlane.Tests.Execution;

public sealed class DeferredFailureTests
{
    [Fact]
    public async Task Failure_OfOnePiece_KeepsNoOtherFromItsTurnAndIsThrownAtTheEnd()
    {
        var done = new List<int>();
        var failure = new DeferredFailure();

        await failure.TryAsync(() => throw new InvalidOperationException("first"));
        await failure.TryAsync(() => Task.FromException(new TimeoutException("second")));
        await failure.TryAsync(() => Task.Run(() => done.Add(3)));
        failure.Keep(null);

        Assert.Equal([3], done);
        Assert.Equal("second", Assert.Throws<TimeoutException>(failure.Throw).Message);
    }

    [Fact]
    public async Task Work_ThatAllSucceeds_ThrowsNothing()
    {
        var failure = new DeferredFailure();

        await failure.TryAsync(() => Task.CompletedTask);

        failure.Throw();
    }
}
