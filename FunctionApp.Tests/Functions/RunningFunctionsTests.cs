using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Functions;
using Xunit;

namespace Slowlane.Tests.Functions;

[Trait("Category", "Fast")]
public sealed class RunningFunctionsTests
{
    [Fact]
    public async Task Stop_WhileFunctionsRun_FiresTheirTokensAndWaitsForThem()
    {
        var process = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        var running = new RunningFunctions(process);
        var told = new TaskCompletionSource();
        var handsBack = new TaskCompletionSource();
        var function = running.RunAsync(
            async stop =>
            {
                await using var registration = stop.Register(told.SetResult);
                await handsBack.Task;
            },
            Cancellation);

        process.StopApplication();
        var stopped = running.StopAsync(Cancellation);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.False(stopped.IsCompleted);
        handsBack.SetResult();
        await function;
        await stopped.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task Stop_WithNothingToWaitFor_IsOverAtOnce()
    {
        var running = new RunningFunctions(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance));
        await running.RunAsync(_ => Task.CompletedTask, Cancellation);
        await Assert.ThrowsAsync<FormatException>(() => running.RunAsync(_ => Task.FromException(new FormatException()), Cancellation));

        Assert.True(running.StopAsync(Cancellation).IsCompleted);
    }

    [Fact]
    public async Task Stop_OfAFunctionThatTakesTooLong_LeavesItToItself()
    {
        var running = new RunningFunctions(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance));
        _ = running.RunAsync(_ => Task.Delay(Timeout.Infinite, Cancellation), Cancellation);
        using var limit = new CancellationTokenSource();

        var stopped = running.StopAsync(limit.Token);
        await limit.CancelAsync();

        await stopped.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task Token_OfTheInvocation_IsTheFunctionsToo()
    {
        var running = new RunningFunctions(new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance));
        using var invocation = new CancellationTokenSource();

        var function = running.RunAsync(stop => Task.Delay(Timeout.Infinite, stop), invocation.Token);
        await invocation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => function);
    }
}
