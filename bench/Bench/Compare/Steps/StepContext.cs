using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Compare.Load;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Processes;

namespace Slowlane.Bench.Compare.Steps;

/// <summary>What a step works with: a running variant, and its result table.</summary>
internal sealed record StepContext(SharedServices Services, Variant Variant, VariantProcesses Processes, ResultTable Results, Size Size)
{
    /// <summary>How long without a new row until jobs that were not disturbed count as lost.</summary>
    public static TimeSpan Undisturbed { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The shortest time in which the long jobs can be done here.</summary>
    public TimeSpan Ideal => Size.Ideal(Environment.ProcessorCount);

    public Batch LongJobs() => Batch.Burst(Variant.JobPath, Size.LongJobs, Size.Long);

    public Task DriveAsync(CancellationToken cancellationToken, params Flow[] flows) => Driver.RunAsync(Processes.Address, cancellationToken, flows);

    public Task<long> WrittenAsync(Batch batch, TimeSpan quiet, CancellationToken cancellationToken) => Results.UntilAsync(batch, batch.Jobs, quiet, cancellationToken);

    /// <summary>Waits until the fault can have no job written a second time any more, or as long as it is watched.</summary>
    public Task WatchAsync(DateTimeOffset fault, bool sweeperKilled, CancellationToken cancellationToken)
    {
        var left = Size.WatchedUntil(Variant, fault, sweeperKilled) - TimeProvider.System.GetUtcNow();
        return left > TimeSpan.Zero ? Task.Delay(left, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Sends the batch as one of the step's, and waits until it is done; both in jobs a second, from the first request on.</summary>
    public async Task<(double Accepted, double Done)> RatesAsync(Reading reading, Batch batch, CancellationToken cancellationToken)
    {
        reading.Batches.Add(batch);
        var start = TimeProvider.System.GetUtcNow();
        await DriveAsync(cancellationToken, batch.Flow);
        var answered = (TimeProvider.System.GetUtcNow() - start).TotalSeconds;
        await WrittenAsync(batch, Undisturbed, cancellationToken);
        return (batch.Jobs / answered, batch.Jobs / await SecondsToLastWriteAsync(batch, start, cancellationToken));
    }

    /// <summary>Seconds from a moment to the batch's last row; 0 when that was before, or there is none.</summary>
    public async Task<double> SecondsToLastWriteAsync(Batch batch, DateTimeOffset since, CancellationToken cancellationToken)
        => await Results.LastWriteAsync(batch, cancellationToken) is { } last ? Math.Max(0, (last - since.UtcDateTime).TotalSeconds) : 0;
}
