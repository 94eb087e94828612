using Slowlane.Bench.Growth.Report;
using Slowlane.Bench.Growth.Rows;
using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Growth;

/// <summary>All series, and the files about them.</summary>
internal static class Session
{
    private const int CostedJobs = 500;

    public static async Task<Findings> RunAsync(GrowthOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        await using var environment = await TestEnvironment.StartAsync(cancellationToken);
        var messages = new QueueSeries(environment, options, progress);
        await messages.RunAsync(cancellationToken);
        var rows = new RowSeries(environment, options, progress);
        await rows.RunAsync(cancellationToken);
        progress("what a job costs");
        var cost = await JobCost.MeasureAsync(environment, CostedJobs, cancellationToken);
        var indexes = await IndexUse.ReadAsync(environment.Sql, cancellationToken);
        progress("retention");
        var pace = await PurgePace.MeasureAsync(environment, cancellationToken);
        return new Findings(await Machine.ReadAsync(environment.Source, cancellationToken), rows.Cells, messages.Cells, indexes, cost, pace, [.. messages.Faults, .. rows.Faults, .. pace.Faults]);
    }

    /// <summary>Returns the files written. The short form has no figures, so it writes only where it is told to.</summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(GrowthOptions options, Findings findings, CancellationToken cancellationToken)
    {
        if (ResultFolder.Create(options.Out, options.Short) is not { } folder)
        {
            return [];
        }

        string[] files = [Path.Combine(folder, "growth.md"), Path.Combine(folder, "growth-plans.txt")];
        await File.WriteAllTextAsync(files[0], MarkdownReport.Write(findings), cancellationToken);
        await File.WriteAllTextAsync(files[1], PlanText.Write(findings.Rows), cancellationToken);
        return files;
    }
}
