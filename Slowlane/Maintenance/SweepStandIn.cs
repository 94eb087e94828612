using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slowlane.Maintenance;

/// <summary>Sweeps in a process if no timer has done so for long. The platform's timers may stop for good while everything else works.</summary>
/// <remarks>
/// A timer runs in one process at a time, so the other processes always sweep this way. Sweeps that run at the same time take
/// different rows.
/// </remarks>
internal sealed partial class SweepStandIn(Sweeper sweeper, TimeProvider time, ILogger<SweepStandIn> log) : BackgroundService
{
    /// <summary>Returns random numbers from 0 to 1.</summary>
    internal Func<double> NextRandom { get; init; } = Random.Shared.NextDouble;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = SweepTurn.Delay(NextRandom());
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = SweepTurn.Wait(sweeper.SinceLast, delay);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, stoppingToken);
                continue;
            }

            await SweepAsync(stoppingToken);
            delay = SweepTurn.Delay(NextRandom());
        }
    }

    // An exception that leaves a background service ends the process.
    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        try
        {
            await sweeper.SweepAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            Failed(log, e);
        }
    }

    [LoggerMessage(LogLevel.Error, "A sweep without a timer failed")]
    private static partial void Failed(ILogger log, Exception exception);
}
