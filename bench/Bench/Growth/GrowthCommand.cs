using Slowlane.Bench.Commands;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Growth.Report;
using Slowlane.Bench.Growth.Rows;
using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Growth;

/// <summary>Every statement and the queue's calls as tables and queue grow.</summary>
internal static class GrowthCommand
{
    private const int CostedJobs = 500;

    public static Command<GrowthOptions> Command { get; } = new(
        "growth",
        "Lets jobs, finished rows and messages grow, times the app's own calls at each level, and judges their plans",
        """
        Ten million finished jobs take 8 GB of disk in the temporary folder, and a quarter of an hour.
        Ends with 0 when every plan is as it should be, with 1 when one isn't, with 2 when an option is wrong.
        """,
        GrowthOptions.All,
        RunAsync);

    private static async Task<int> RunAsync(GrowthOptions options, CancellationToken cancellationToken)
    {
        var findings = await MeasureAsync(options, Console.WriteLine, cancellationToken);
        (string, string)[] files = [("growth.md", GrowthReport.Write(findings)), ("growth-plans.txt", PlanText.Write(findings.Rows))];
        await ResultFiles.WriteAsync(options.Out, options.Short, files, cancellationToken);
        foreach (var fault in findings.Faults)
        {
            Console.WriteLine(fault);
        }

        Console.WriteLine(FormattableString.Invariant($"{findings.Rows.Count} statements, {findings.Faults.Count} faults."));
        return findings.Faults.Count == 0 ? 0 : 1;
    }

    private static async Task<Findings> MeasureAsync(GrowthOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        await using var environment = await GrowthEnvironment.StartAsync(cancellationToken);
        var messages = new QueueSeries(environment, options, progress);
        await messages.RunAsync(cancellationToken);
        var rows = new RowSeries(environment, options, progress);
        await rows.RunAsync(cancellationToken);
        progress("what a job costs");
        var cost = await JobCost.MeasureAsync(environment, CostedJobs, cancellationToken);
        var indexes = await IndexUse.ReadAsync(environment.Source, cancellationToken);
        progress("retention");
        var pace = await PurgePace.MeasureAsync(environment, cancellationToken);
        var machine = await MachineFacts.ReadAsync(environment.Source, cancellationToken);
        return new Findings(machine, rows.Cells, messages.Cells, indexes, cost, pace, [.. messages.Faults, .. rows.Faults, .. pace.Faults]);
    }
}
