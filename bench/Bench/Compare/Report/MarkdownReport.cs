using System.Text;
using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Statistics;
using Slowlane.Bench.Compare.Steps;
using Slowlane.Bench.Reports;
using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Compare.Report;

/// <summary>The findings for readers.</summary>
internal static class MarkdownReport
{
    public static string Write(Findings findings)
    {
        var text = new StringBuilder();
        text.AppendLine(findings.Variants.All(variant => variant.IsSlowlane) ? "# Slowlane" : "# Slowlane and its peers, side by side").AppendLine();
        text.AppendLine(findings.Options.Short
            ? "Short form: a few jobs, to see that every variant writes each of them once. It has no figures."
            : FormattableString.Invariant($"The same work (one SELECT, a computation that burns thread CPU time, one INSERT) on one PostgreSQL, a database each. Medians of {findings.Options.Runs} rounds ({findings.Options.FaultRuns} for what is broken), with the least and the greatest."));
        text.AppendLine();
        if (!findings.Options.Short)
        {
            text.Append(Figures(findings)).AppendLine();
        }

        text.AppendLine("## Every job written once").AppendLine();
        text.Append(Jobs(findings)).AppendLine();
        Notes(findings, text);
        return text.ToString();
    }

    private static StringBuilder Figures(Findings findings) => Table(
        ["", "goal", .. findings.Variants.Select(variant => variant.Name)],
        findings.Figures.Select(figure => (string[])
        [
            figure.Unit.Length == 0 ? figure.Title : $"{figure.Title}, {figure.Unit}",
            Verdict(figure, findings.IsMet(figure)),
            .. findings.Variants.Select(variant => Text(findings.Cell(variant.Name, figure.Key))),
        ]));

    private static StringBuilder Jobs(Findings findings) => Table(
        ["step", .. findings.Variants.Select(variant => variant.Name)],
        Steps(findings).Select(step => (string[])[step.Name, .. findings.Variants.Select(variant => Text(Sum(findings.Readings, variant.Name, step.Name)))]));

    private static IEnumerable<Step> Steps(Findings findings)
        => Step.All.Where(step => findings.Readings.Any(reading => string.Equals(reading.Step, step.Name, StringComparison.Ordinal)));

    private static void Notes(Findings findings, StringBuilder text)
    {
        Section(text, "Left out, or failed", findings.LeftOut.Concat(findings.Failures.Select(failure => failure.ReplaceLineEndings(" "))));
        Section(text, "Variants", findings.Variants.Select(variant => $"**{variant.Name}**: {variant.StandsFor}"));
        if (findings.Options.Short)
        {
            return;
        }

        Section(text, "Steps", Steps(findings).Select(step => $"**{step.Name}**: {step.Does}"));
        Section(text, "How it was measured",
        [
            "Latency counts from the time a request was due, so that a late driver can't hide a slow server; percentiles are by nearest rank.",
            FormattableString.Invariant($"A run's latencies are withheld when its driver was more than {RunReading.MaxLagMilliseconds} ms late for more than 1 of 100 requests, and all its figures when a timed request was not answered with success, or a job was not written once in a step that breaks nothing."),
            "Everything shares the same cores: the driver, PostgreSQL, and for Slowlane Azurite, which on Azure is a service elsewhere. Slowlane's host lowers the priority of its own workers for jobs (nice 10; 19 and SCHED_BATCH for what computes); the peers run as their commands start them.",
            FormattableString.Invariant($"After a kill or an outage, jobs count as lost when no row came for so many seconds: {string.Join(", ", findings.Variants.Select(variant => FormattableString.Invariant($"{variant.Name} {findings.Options.Size.Settles(variant).TotalSeconds}")))}; what redelivers does so after {findings.Options.Size.Redelivery.TotalSeconds} s. Redis keeps its queue in memory, Azurite on disk."),
            FormattableString.Invariant($"After that, what redelivers is watched for second writes, up to {findings.Options.Size.WatchAtMost.TotalSeconds} s from the fault. Those of Slowlane come within that time; those of Celery made durable can come up to 100 s after its visibility timeout, and later ones are not counted."),
            "Memory is the proportional set size once the short jobs are done; Azurite's is with the process that guards it. Slowlane's processes are the host, its guard, a worker for requests and a worker a core for jobs.",
            FormattableString.Invariant($"Before the steps, others kept the processors up to {findings.Readings.Select(reading => reading.Others).DefaultIfEmpty().Max():0 %} busy."),
        ]);
        Section(text, "Machine", findings.Machine.Facts.Select(fact => $"{fact.Key}: {fact.Value}"));
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

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var items = lines.ToList();
        if (items.Count > 0)
        {
            text.AppendLine(FormattableString.Invariant($"## {title}")).AppendLine().AppendJoin('\n', items.Select(item => $"- {item}")).AppendLine().AppendLine();
        }
    }

    internal static StringBuilder Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        Row(text, head);
        Row(text, [.. head.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows)
        {
            Row(text, row);
        }

        return text;
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
