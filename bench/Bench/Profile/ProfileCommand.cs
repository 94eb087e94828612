using Slowlane.Bench.Commands;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;
using Slowlane.Bench.Reports;

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
        await using var services = await BenchServices.StartEphemeralAsync(cancellationToken);
        await using var app = await AppCluster.StartAsync(services.Database, services.Storage, hosts: 1, workers: 1, [], cancellationToken: cancellationToken);
        var series = new ProfileSeries(services, app, options, pandas is not null, Console.WriteLine);
        if (options.Has("pandas") && pandas is null)
        {
            series.Notes.Add("pandas is left out: not installed (Debian: apt-get install python3-pandas python3-psycopg2).");
            Console.WriteLine(series.Notes[^1]);
        }

        IReadOnlyList<KeyValuePair<string, string>> machine = [.. await MachineFacts.ReadAsync(services.Source, cancellationToken), new("pandas", pandas ?? "absent")];
        await series.RunAsync(cancellationToken);
        var findings = new Findings(options, machine, series.Readings, series.Notes, series.Differences);
        series.Differences.ForEach(Console.WriteLine);
        Console.WriteLine(options.Short ? $"{series.Differences.Count} differences between the profile and PostgreSQL's figures." : ProfileReport.Write(findings));
        await ResultFiles.WriteAsync(options.Out, options.Short, findings.Files, cancellationToken);

        return series.Differences.Count == 0 ? 0 : 1;
    }
}
