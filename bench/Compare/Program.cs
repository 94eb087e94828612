using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Slowlane.Compare;
using Slowlane.Compare.Plan;
using Slowlane.Compare.Processes;
using Slowlane.Compare.Report;
using Slowlane.LocalHost.Processes;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(CompareOptions.Help);
    return 0;
}

CompareOptions options;
try
{
    options = CompareOptions.Parse(args);
    Require(OperatingSystem.IsLinux(), "The comparison reads /proc: it needs Linux.");
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
await using var log = options.Log is null ? TextWriter.Null : TextWriter.Synchronized(new StreamWriter(options.Log) { AutoFlush = true });

var present = new List<Variant>();
var leftOut = new List<string>();
foreach (var variant in options.Variants)
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

try
{
    await using var stage = await Stage.StartAsync(log.WriteLine, stopping.Token);
    var machine = await Machine.ReadAsync(stage, stopping.Token);
    var session = new Session(stage, options, Console.WriteLine, log.WriteLine);
    await session.RunAsync(present, stopping.Token);
    var findings = new Findings(options, present, session.Readings, machine.After(), leftOut, session.Failures);
    Console.WriteLine();
    Console.WriteLine(MarkdownReport.Write(findings));
    foreach (var file in await Files.WriteAsync(findings, stopping.Token))
    {
        Console.WriteLine(file);
    }

    return findings.IsSound ? 0 : 1;
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
