using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Slowlane.LocalHost.Processes;

/// <summary>Keeps a number of worker processes running, and lets them finish at the end.</summary>
internal sealed class WorkerSupervisor(int workers, WorkerCommand command, Action<string> say, TimeProvider time) : BackgroundService
{
    /// <summary>How long a worker may take to hand back its jobs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static void Register(IServiceCollection services, LocalHostOptions options, IReadOnlyDictionary<string, string?> settings)
    {
        // The workers' patience, and time for the servers after them.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Patience + TimeSpan.FromSeconds(20));
        services.AddSingleton<IHostedService>(provider => new WorkerSupervisor(
            options.Workers,
            WorkerCommand.ForThisProgram(options, settings),
            Console.WriteLine,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(Enumerable.Range(1, workers).Select(number => KeepAsync(number, stoppingToken)));

    private async Task KeepAsync(int number, CancellationToken stopping)
    {
        var name = $"[worker {number}]";
        var quickDeaths = 0;
        for (var before = "started as"; !stopping.IsCancellationRequested;)
        {
            var since = time.GetTimestamp();
            using var worker = WorkerProcess.Start(command, line => say($"{name} {line}"));
            say($"{name} {before} process {worker.Id}");
            try
            {
                await worker.ExitedAsync(stopping);
                quickDeaths = time.GetElapsedTime(since) < RestartDelay.Stable ? quickDeaths + 1 : 0;

                // Ctrl-C in a terminal ends workers too, maybe before it is heard of here: the wait comes first, then the verdict.
                await Task.Delay(RestartDelay.After(quickDeaths), time, stopping);
                before = $"process {worker.Id} {worker.Ending}; started again as";
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                await worker.StopAsync(Patience);
            }
        }
    }
}
