using Microsoft.Extensions.Hosting;

namespace Slowlane.Functions;

/// <summary>
/// Tells functions of this process's end, and lets the process end after them. The Functions host cancels no invocation when
/// it stops, and a worker doesn't wait for what it runs: a job that is to be handed back would be cut off.
/// </summary>
internal sealed class RunningFunctions(IHostApplicationLifetime process) : IHostedService
{
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1; // One for the process itself, until it stops.

    /// <summary>Runs a function's work under a token that fires when the invocation is cancelled and when this process stops.</summary>
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
            Leave();
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

    /// <summary>Waits for the functions that run; their tokens have fired. What takes longer than the process has is cut off.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Leave();
        await _none.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _none.TrySetResult();
        }
    }
}
