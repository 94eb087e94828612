using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Slowlane.LocalHost.Queues;

namespace Slowlane.LocalHost.Processes;

/// <summary>Keeps a number of worker processes running, and lets them finish at the end.</summary>
internal sealed class WorkerSupervisor(int workers, WorkerCommand command, QueueBell bell, Action<string> say, TimeProvider time) : BackgroundService
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
            provider.GetRequiredService<QueueBell>(),
            Console.WriteLine,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(Enumerable.Range(1, workers).Select(number => KeepAsync(number, stoppingToken)));

    private async Task RingUntilAsync(Task end, WorkerProcess worker)
    {
        for (var rung = bell.Next; await Task.WhenAny(end, rung) == rung;)
        {
            rung = bell.Next; // Before the worker is told, so that a ring from then on tells it again.
            worker.Ring();
        }

        await end;
    }

    private async Task KeepAsync(int number, CancellationToken stopping)
    {
        var name = $"[worker {number}]";
        var quickDeaths = 0;
        while (!stopping.IsCancellationRequested)
        {
            var since = time.GetTimestamp();
            using var worker = WorkerProcess.Start(command, line => say($"{name} {line}"));
            say($"{name} started as process {worker.Id}");
            try
            {
                await RingUntilAsync(worker.ExitedAsync(stopping), worker);
                quickDeaths = worker.Recycled || time.GetElapsedTime(since) >= RestartDelay.Stable ? 0 : quickDeaths + 1;
                var wait = worker.Recycled ? TimeSpan.Zero : RestartDelay.After(quickDeaths);
                say(string.Create(CultureInfo.InvariantCulture, $"{name} process {worker.Id} {worker.Ending}; another is started in {wait.TotalSeconds:0.#} s"));
                await Task.Delay(wait, time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                await worker.StopAsync(Patience);
            }
        }
    }
}
