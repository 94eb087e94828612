using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Queues;

namespace Slowlane.LocalHost.Processes;

/// <summary>In a worker: hears from the host that started it when there may be a message, and stops when it says so, or is gone.</summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime, QueueBell bell, TextReader input, Action<int> exit, TimeProvider time) : IHostedService
{
    /// <summary>Set by the host that starts workers, to its process id.</summary>
    public const string Variable = "SLOWLANE_SUPERVISOR";

    /// <summary>The line that says that a message may have been sent.</summary>
    public const string Ring = "ring";

    /// <summary>The line that asks a worker to stop. An end of input without it means that the host is gone.</summary>
    public const string Stop = "stop";

    /// <summary>How long an orphan may take: its storage and database are going, too.</summary>
    private static readonly TimeSpan OrphansPatience = TimeSpan.FromSeconds(10);

    public static bool IsSupervised => Environment.GetEnvironmentVariable(Variable) is not null;

    public static void Register(IServiceCollection services)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = WorkerSupervisor.Patience);
        services.AddSingleton<IHostedService>(provider => new ParentWatch(
            provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<QueueBell>(), Console.In, Environment.Exit, provider.GetService<TimeProvider>() ?? TimeProvider.System));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A read of the console can't be cancelled: a thread of its own, which ends with the process.
        _ = Task.Factory.StartNew(WatchAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WatchAsync()
    {
        string? line;
#pragma warning disable CA1849, MA0042 // On purpose: see StartAsync.
        while (string.Equals(line = input.ReadLine(), Ring, StringComparison.Ordinal))
#pragma warning restore CA1849, MA0042
        {
            bell.Ring();
        }

        lifetime.StopApplication();
        if (line is null)
        {
            await Task.Delay(OrphansPatience, time);
            exit(1);
        }
    }
}
