using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Statistics;
using Slowlane.Bench.Compare.Steps;
using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Compare.Report;

/// <summary>The findings for readers.</summary>
internal static class CompareReport
{
    public static string Write(Findings findings)
    {
        var (options, variants) = (findings.Options, findings.Variants);
        string[] names = [.. variants.Select(variant => variant.Name)];
        Step[] steps = [.. Step.All.Where(step => findings.Readings.Any(reading => string.Equals(reading.Step, step.Name, StringComparison.Ordinal)))];
        var text = new MarkdownText(variants.All(variant => variant.IsSlowlane) ? "Slowlane" : "Slowlane and its peers, side by side");
        text.Paragraph(options.Short
            ? "Short form: a few jobs, to see that every variant writes each of them once. It has no figures."
            : FormattableString.Invariant($"The same work (one SELECT, a computation that burns thread CPU time, one INSERT) on one PostgreSQL, a database each. Medians of {options.Runs} rounds ({options.FaultRuns} for what is broken), with the least and the greatest."));
        if (!options.Short)
        {
            text.Table(["", "goal", .. names], findings.Figures.Select(figure => (string[])
            [
                figure.Unit.Length == 0 ? figure.Title : $"{figure.Title}, {figure.Unit}",
                Verdict(figure, findings.IsMet(figure)),
                .. names.Select(name => Text(findings.Cell(name, figure.Key))),
            ]));
        }

        text.Heading("Every job written once").Table(["step", .. names], steps.Select(step => (string[])[step.Name, .. names.Select(name => Text(Sum(findings.Readings, name, step.Name)))]));
        text.Section("Left out, or failed", findings.LeftOut.Concat(findings.Failures.Select(failure => failure.ReplaceLineEndings(" "))));
        text.Section("Variants", variants.Select(variant => $"**{variant.Name}**: {variant.StandsFor}"));
        if (!options.Short)
        {
            text.Section("Steps", steps.Select(step => $"**{step.Name}**: {step.Does}"));
            text.Section("How it was measured", Method(findings));
            text.Section("Machine", findings.Machine);
        }

        return text.ToString();
    }

    private static IEnumerable<string> Method(Findings findings)
    {
        var size = findings.Options.Size;
        return
        [
            "Latency counts from the time a request was due, so that a late driver can't hide a slow server; percentiles are by nearest rank.",
            FormattableString.Invariant($"A run's latencies are withheld when its driver was more than {RunReading.MaxLagMilliseconds} ms late for more than 1 of 100 requests, and all its figures when a timed request was not answered with success, or a job was not written once in a step that breaks nothing."),
            "Everything shares the same cores: the driver, PostgreSQL, and for Slowlane Azurite, which on Azure is a service elsewhere. Slowlane's host lowers the priority of its own workers for jobs (nice 10; 19 and SCHED_BATCH for what computes); the peers run as their commands start them.",
            FormattableString.Invariant($"After a kill or an outage, jobs count as lost when no row came for so many seconds: {string.Join(", ", findings.Variants.Select(variant => FormattableString.Invariant($"{variant.Name} {size.Settles(variant).TotalSeconds}")))}; what redelivers does so after {size.Redelivery.TotalSeconds} s. Redis keeps its queue in memory, Azurite on disk."),
            FormattableString.Invariant($"After that, what redelivers is watched for second writes, up to {size.WatchAtMost.TotalSeconds} s from the fault. Those of Slowlane come within that time; those of Celery made durable can come up to 100 s after its visibility timeout, and later ones are not counted."),
            "Memory is the proportional set size once the short jobs are done; Azurite's is with the process that guards it. Slowlane's processes are the host, its guard, a worker for requests and a worker a core for jobs.",
            FormattableString.Invariant($"Before the steps, others kept the processors up to {findings.Readings.Select(reading => reading.Others).DefaultIfEmpty().Max():0 %} busy."),
        ];
    }

    private static string Verdict(Figure figure, bool? met) => figure.Goal is null ? "" : figure.Goal.Text + met switch
    {
        true => " ✓",
        false => " ✗",
        null => "",
    };

    private static string Text(Cell? cell) => cell switch
    {
        null => "–",
        { Spread: null } => $"withheld: {string.Join("; ", cell.Doubts)}",
        { Spread: { } spread, Doubts: [] } => Numbers.Text(spread),
        { Spread: { } spread } => FormattableString.Invariant($"{Numbers.Text(spread)}, without {cell.Doubts.Count} runs: {string.Join("; ", cell.Doubts)}"),
    };

    private static string Text(Tally? tally) => tally switch
    {
        null => "–",
        { Balances: true } => FormattableString.Invariant($"{tally.Value.Written} of {tally.Value.Accepted}"),
        { } jobs => FormattableString.Invariant($"{jobs.Written} of {jobs.Accepted}: {jobs.Lost} lost, {jobs.Repeated} written again, {jobs.Refused} not accepted"),
    };

    private static Tally? Sum(IEnumerable<RunReading> readings, string variant, string step)
    {
        Tally[] tallies = [.. readings.Where(reading => string.Equals(reading.Variant, variant, StringComparison.Ordinal) && string.Equals(reading.Step, step, StringComparison.Ordinal)).Select(reading => reading.Jobs)];
        return tallies.Length == 0 ? null : tallies.Aggregate(Tally.Add);
    }
}
