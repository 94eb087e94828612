using Slowlane.Bench;
using Slowlane.Growth;

return await BenchProgram.RunAsync(args, GrowthOptions.Help, GrowthOptions.Parse, RunAsync);

static async Task<int> RunAsync(GrowthOptions options, CancellationToken cancellationToken)
{
    var findings = await Session.RunAsync(options, Console.WriteLine, cancellationToken);
    foreach (var line in (await Session.WriteAsync(options, findings, cancellationToken)).Concat(findings.Faults))
    {
        Console.WriteLine(line);
    }

    Console.WriteLine(FormattableString.Invariant($"{findings.Rows.Count} statements, {findings.Faults.Count} faults."));
    return findings.Faults.Count == 0 ? 0 : 1;
}
