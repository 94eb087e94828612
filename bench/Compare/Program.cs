using Slowlane.Bench;
using Slowlane.Compare;
using Slowlane.Compare.Plan;
using Slowlane.Compare.Processes;
using Slowlane.Compare.Report;

return await BenchProgram.RunAsync(args, CompareOptions.Help, Parse, RunAsync);

static CompareOptions Parse(string[] args)
{
    var options = CompareOptions.Parse(args);
    Conditions.RequireLinux("The comparison");
    Conditions.RequireReleaseUnless(options.Short);
    return options;
}

static async Task<int> RunAsync(CompareOptions options, CancellationToken cancellationToken)
{
    await using var log = options.Log is null ? TextWriter.Null : TextWriter.Synchronized(new StreamWriter(options.Log) { AutoFlush = true });
    var (present, leftOut) = await PresentAsync(options.Variants);
    await using var services = await SharedServices.StartAsync(log.WriteLine, cancellationToken);
    var machine = await Machine.ReadAsync(services, cancellationToken);
    var session = new Session(services, options, Console.WriteLine, log.WriteLine);
    await session.RunAsync(present, cancellationToken);
    var findings = new Findings(options, present, session.Readings, machine.After(), leftOut, session.Failures);
    Console.WriteLine();
    Console.WriteLine(MarkdownReport.Write(findings));
    foreach (var file in await Files.WriteAsync(findings, cancellationToken))
    {
        Console.WriteLine(file);
    }

    return findings.IsSound ? 0 : 1;
}

static async Task<(List<Variant> Present, List<string> LeftOut)> PresentAsync(IReadOnlyList<Variant> variants)
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
