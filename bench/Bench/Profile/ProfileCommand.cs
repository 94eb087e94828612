using Slowlane.Bench.Commands;

namespace Slowlane.Bench.Profile;

/// <summary>A profile beside SQL and pandas.</summary>
internal static class ProfileCommand
{
    public static Command<ProfileOptions> Command { get; } = new(
        "profile",
        "Profiles a table of 20 columns by Slowlane, by PostgreSQL's own aggregates and by pandas, side by side",
        """
        pandas is left out where /usr/bin/python3 lacks it. All of it needs Linux, and 400 MB of disk a million rows.
        Ends with 0 when every exact figure equals PostgreSQL's, with 1 when one doesn't, with 2 when an option is wrong.
        """,
        ProfileOptions.All,
        RunAsync)
    {
        Requires = options =>
        {
            Conditions.RequireLinux();
            Conditions.RequireReleaseUnless(options.Short);
        },
    };

    private static async Task<int> RunAsync(ProfileOptions options, CancellationToken cancellationToken)
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
}
