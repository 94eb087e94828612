using System.Runtime.InteropServices;
using Slowlane.Growth;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(GrowthOptions.Help);
    return 0;
}

GrowthOptions options;
try
{
    options = GrowthOptions.Parse(args);
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
    var findings = await Session.RunAsync(options, Console.WriteLine, stopping.Token);
    foreach (var file in await Session.WriteAsync(options, findings, stopping.Token))
    {
        Console.WriteLine(file);
    }

    foreach (var fault in findings.Faults)
    {
        Console.WriteLine(fault);
    }

    Console.WriteLine(FormattableString.Invariant($"{findings.Rows.Count} statements, {findings.Faults.Count} faults."));
    return findings.Faults.Count == 0 ? 0 : 1;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped; nothing was written.");
    return 130;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stopping.Cancel();
}
