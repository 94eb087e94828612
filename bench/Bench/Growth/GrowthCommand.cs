using Slowlane.Bench.Commands;

namespace Slowlane.Bench.Growth;

/// <summary>Every statement and the queue's calls as tables and queue grow.</summary>
internal static class GrowthCommand
{
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
        var findings = await Session.RunAsync(options, Console.WriteLine, cancellationToken);
        foreach (var line in (await Session.WriteAsync(options, findings, cancellationToken)).Concat(findings.Faults))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(FormattableString.Invariant($"{findings.Rows.Count} statements, {findings.Faults.Count} faults."));
        return findings.Faults.Count == 0 ? 0 : 1;
    }
}
