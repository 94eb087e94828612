using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slowlane.Maintenance;

/// <summary>Sweeps in a process that has long not been told to: the platform's timers may stop for good while everything else goes on.</summary>
/// <remarks>A timer runs in one process at a time, so the others do this always. Sweeps that run at once take different rows.</remarks>
internal sealed partial class SweepStandIn(Sweeper sweeper, TimeProvider time, ILogger<SweepStandIn> log) : BackgroundService
{
    /// <summary>Numbers at random from 0 to 1.</summary>
    internal Func<double> Dice { get; init; } = Random.Shared.NextDouble;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var patience = SweepTurn.Patience(Dice());
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = SweepTurn.Wait(sweeper.SinceLast, patience);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, stoppingToken);
                continue;
            }

            await SweepAsync(stoppingToken);
            patience = SweepTurn.Patience(Dice());
        }
    }

    // An exception that left here would end the process.
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
