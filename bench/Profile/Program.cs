using Slowlane.Bench;
using Slowlane.ProfileBench;
using Slowlane.ProfileBench.Beds;
using Slowlane.ProfileBench.Peers;
using Slowlane.ProfileBench.Report;

return await BenchProgram.RunAsync(args, ProfileOptions.Help, Parse, RunAsync);

static ProfileOptions Parse(string[] args)
{
    var options = ProfileOptions.Parse(args);
    Conditions.RequireLinux("The bench");
    Conditions.RequireReleaseUnless(options.Short);
    return options;
}

static async Task<int> RunAsync(ProfileOptions options, CancellationToken cancellationToken)
{
    var pandas = options.Has("pandas") ? await PandasPeer.VersionAsync(cancellationToken) : null;
    await using var environment = await TestEnvironment.StartAsync(cancellationToken);
    var session = new Session(environment, options, pandas is not null, Console.WriteLine);
    if (options.Has("pandas") && pandas is null)
    {
        session.Notes.Add("pandas is left out: not installed (Debian: apt-get install python3-pandas python3-psycopg2).");
        Console.WriteLine(session.Notes[^1]);
    }

    var machine = await Machine.ReadAsync(environment.Database, pandas, cancellationToken);
    await session.RunAsync(cancellationToken);
    var findings = new Findings(options, machine, session.Readings, session.Notes, session.Differences);
    session.Differences.ForEach(Console.WriteLine);
    Console.WriteLine(options.Short ? $"{session.Differences.Count} differences between the profile and PostgreSQL's figures." : MarkdownReport.Write(findings));
    foreach (var file in await Files.WriteAsync(findings, cancellationToken))
    {
        Console.WriteLine(file);
    }

    return session.Differences.Count == 0 ? 0 : 1;
}
