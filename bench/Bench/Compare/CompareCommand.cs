using System.Runtime;
using Slowlane.Bench.Commands;
using Slowlane.Bench.Compare.Load;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Processes;
using Slowlane.Bench.Compare.Report;
using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Compare;

/// <summary>Slowlane beside its peers.</summary>
internal static class CompareCommand
{
    public static Command<CompareOptions> Command { get; } = new(
        "compare",
        "Runs Slowlane and its peers side by side on the same work, and writes a table and plots",
        """
        A peer whose packages are missing is left out, with their names. All of it needs Linux.
        Ends with 0 when Slowlane wrote every job once, with 1 when it didn't or a variant could not be run, with 2 when an option is wrong.
        """,
        CompareOptions.All,
        RunAsync)
    {
        Requires = options =>
        {
            Conditions.RequireLinux();
            Conditions.RequireReleaseUnless(options.Short);
        },
    };

    private static async Task<int> RunAsync(CompareOptions options, CancellationToken cancellationToken)
    {
        GCSettings.LatencyMode = GCLatencyMode.Batch; // The driver shares the cores with what it measures: no collector at work beside it.
        await using var log = LogFile.Open(options.Log);
        var (present, leftOut) = await PresentAsync(options.Variants);
        await using var services = await SharedServices.StartAsync(log.WriteLine, cancellationToken);
        var machine = await services.FactsAsync(cancellationToken);
        var session = new Session(services, options, Console.WriteLine, log.WriteLine);
        await session.RunAsync(present, cancellationToken);
        machine = [.. machine, .. await PeerFacts.ReadAsync(cancellationToken), new("driver", $"a thread at {Driver.Priority}")];
        var findings = new Findings(options, present, session.Readings, machine, leftOut, session.Failures);
        Console.WriteLine();
        Console.WriteLine(CompareReport.Write(findings));
        await ResultFiles.WriteAsync(options.Out, options.Short, Files.Of(findings), cancellationToken);

        return findings.IsSound ? 0 : 1;
    }

    private static async Task<(List<Variant> Present, List<string> LeftOut)> PresentAsync(IReadOnlyList<Variant> variants)
    {
        var present = new List<Variant>();
        var leftOut = new List<string>();
        foreach (var variant in variants)
        {
            var missing = await Installed.MissingAsync(variant);
            if (missing.Count == 0)
            {
                present.Add(variant);
                continue;
            }

            leftOut.Add($"{variant.Name} is left out: {string.Join(", ", missing)} not installed (Debian: apt-get install {string.Join(' ', missing)}).");
            Console.WriteLine(leftOut[^1]);
        }

        return (present, leftOut);
    }
}
