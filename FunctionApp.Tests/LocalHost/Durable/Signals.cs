using System.Collections.Concurrent;
using Xunit;

namespace Slowlane.Tests.LocalHost.Durable;

/// <summary>What a test and its functions tell each other.</summary>
public sealed class Signals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _named = new(StringComparer.Ordinal);
    private int _calls;
    private int _running;

    /// <summary>The process's name, in what its functions return.</summary>
    public string Process { get; init; } = "first";

    /// <summary>Functions wait for "go" before they go on.</summary>
    public bool Holds { get; init; }

    /// <summary>Another version of the app: orchestrators do something else.</summary>
    public bool NewVersion { get; init; }

    /// <summary>What else must have happened before a counted function ends.</summary>
    public Task? Partner { get; set; }

    public int MostAtOnce { get; private set; }

    public int Calls => _calls;

    public int Call() => Interlocked.Increment(ref _calls);

    public void Set(string name) => Of(name).TrySetResult();

    public Task ReachedAsync(string name) => Of(name).Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>Holds the function, if this process is one that holds, whatever its token says: as code that hangs.</summary>
    public async Task HoldAsync(string reached)
    {
        Set(reached);
        if (Holds)
        {
            await Of("go").Task;
        }
    }

    /// <summary>As <see cref="HoldAsync"/>, for an orchestrator: a process that stands still.</summary>
    public void Block(string reached)
    {
        Set(reached);
        if (Holds)
        {
#pragma warning disable xUnit1031 // The thread is what it holds.
            Of("go").Task.Wait(CancellationToken.None);
#pragma warning restore xUnit1031
        }
    }

    public async Task CountAsync(CancellationToken cancellationToken)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
        Set("took part");
        if (Partner is not null)
        {
            await Partner.WaitAsync(cancellationToken);
        }

        await Task.Delay(5, cancellationToken);
        Interlocked.Decrement(ref _running);
    }

    private TaskCompletionSource Of(string name) => _named.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
