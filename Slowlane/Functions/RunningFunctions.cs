using Microsoft.Extensions.Hosting;

namespace Slowlane.Functions;

/// <summary>
/// Signals running functions that the process stops, and delays its end until they have ended. The Functions host cancels no invocation when
/// it stops, and a worker does not wait for its invocations. Without the delay, a job could not be released before the process ends.
/// </summary>
internal sealed class RunningFunctions(IHostApplicationLifetime process) : IHostedService
{
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1; // The process counts as one until it stops.

    /// <summary>Runs the work of a function with a token that fires when the invocation is cancelled or this process stops.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken invocation)
    {
        Interlocked.Increment(ref _count);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(invocation, process.ApplicationStopping);
            return await work(stop.Token);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<CancellationToken, Task> work, CancellationToken invocation)
    {
        return RunAsync(
            async stop =>
            {
                await work(stop);
                return true;
            },
            invocation);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the running functions, whose tokens have fired. A function that exceeds the shutdown time of the process is interrupted.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Exit();
        await _none.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _none.TrySetResult();
        }
    }
}
