using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Slowlane.LocalHost.Processes;
using Slowlane.ProfileBench;
using Slowlane.ProfileBench.Beds;
using Slowlane.ProfileBench.Peers;
using Slowlane.ProfileBench.Report;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(ProfileOptions.Help);
    return 0;
}

ProfileOptions options;
try
{
    options = ProfileOptions.Parse(args);
    Require(OperatingSystem.IsLinux(), "The bench reads /proc: it needs Linux.");
    Require(options.Short || IsOptimized(typeof(Launch).Assembly), "Figures are taken from a Release build: add -c Release after dotnet run, or --short for a check without figures.");
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

using var stopping = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    var pandas = options.Has("pandas") ? await PandasPeer.VersionAsync(stopping.Token) : null;
    await using var bed = await Bed.StartAsync(stopping.Token);
    var session = new Session(bed, options, pandas is not null, Console.WriteLine);
    if (options.Has("pandas") && pandas is null)
    {
        session.Notes.Add("pandas is left out: not installed (Debian: apt-get install python3-pandas python3-psycopg2).");
        Console.WriteLine(session.Notes[^1]);
    }

    var machine = await Machine.ReadAsync(bed.Database, pandas, stopping.Token);
    await session.RunAsync(stopping.Token);
    var findings = new Findings(options, machine, session.Readings, session.Notes, session.Differences);
    session.Differences.ForEach(Console.WriteLine);
    Console.WriteLine(options.Short ? $"{session.Differences.Count} differences between the profile and PostgreSQL's figures." : MarkdownReport.Write(findings));
    foreach (var file in await Files.WriteAsync(findings, stopping.Token))
    {
        Console.WriteLine(file);
    }

    return session.Differences.Count == 0 ? 0 : 1;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped; nothing was written.");
    return 130;
}
catch (CannotStartException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.Cancel();
}

static void Require(bool holds, string sentence)
{
    if (!holds)
    {
        throw new FormatException(sentence);
    }
}

static bool IsOptimized(Assembly assembly) => assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };
