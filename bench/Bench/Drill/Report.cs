using System.Globalization;

namespace Slowlane.Bench.Drill;

/// <summary>What a drill prints.</summary>
internal static class Report
{
    public static void Print(TextWriter to, DrillOptions options, IReadOnlyList<PlannedAction> plan, IReadOnlyCollection<JobOutcome> jobs, IReadOnlyList<string> differences, long lostLeases, long poison)
    {
        var actions = plan.Select(planned => planned.DrillAction).GroupBy(action => action.GetType().Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal);
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed}, {DrillOptions.Hosts} hosts of {options.Workers} workers, {options.Length.TotalSeconds} s: {string.Join(", ", actions.Select(group => $"{group.Key} {group.Count()}"))}"));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{jobs.Count,6} accepted; {lostLeases} leases ran out, {poison} messages were put aside"));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{jobs.Count(job => job is { Status: "succeeded", Writes: 1 }),6} written once"));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count(jobs, "failed"),6} failed: {Reasons(jobs)}"));
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count(jobs, "cancelled"),6} cancelled"));
        foreach (var difference in differences)
        {
            to.WriteLine(difference);
        }

        to.WriteLine(differences.Count == 0
            ? "The account balances."
            : string.Create(CultureInfo.InvariantCulture, $"The account does not balance: {differences.Count} differences. Run it again with --seed {options.Seed} --jobs {options.Jobs} --seconds {options.Length.TotalSeconds} --workers {options.Workers}."));
    }

    private static int Count(IReadOnlyCollection<JobOutcome> jobs, string status) => jobs.Count(job => string.Equals(job.Status, status, StringComparison.Ordinal));

    private static string Reasons(IReadOnlyCollection<JobOutcome> jobs) => string.Join(", ", jobs
        .Where(job => string.Equals(job.Status, "failed", StringComparison.Ordinal))
        .GroupBy(job => job.Reason, StringComparer.Ordinal)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Count()}")));
}
