using System.Runtime.InteropServices;
using Slowlane.LocalHost.Processes;

namespace Slowlane.Bench;

/// <summary>How every bench begins and ends: help, wrong options, servers that don't start, an interruption.</summary>
internal static class BenchProgram
{
    private const int CannotStart = 1;
    private const int WrongOption = 2;
    private const int Interrupted = 130;

    /// <summary>The exit code of a bench that an interruption simply ends.</summary>
    /// <param name="args">Its options.</param>
    /// <param name="help">What <c>--help</c> prints.</param>
    /// <param name="parse">Reads the options; a <see cref="FormatException"/> says what is wrong with them.</param>
    /// <param name="run">The bench, and its exit code.</param>
    public static async Task<int> RunAsync<TOptions>(string[] args, string help, Func<string[], TOptions> parse, Func<TOptions, Task<int>> run)
    {
        if (args.Contains("--help", StringComparer.Ordinal))
        {
            Console.WriteLine(help);
            return 0;
        }

        TOptions options;
        try
        {
            options = parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return WrongOption;
        }

        return await run(options);
    }

    /// <summary>The same for a bench with something to put away first: SIGINT and SIGTERM cancel its token.</summary>
    public static Task<int> RunAsync<TOptions>(string[] args, string help, Func<string[], TOptions> parse, Func<TOptions, CancellationToken, Task<int>> run)
        => RunAsync(args, help, parse, options => StoppableAsync(options, run));

    private static async Task<int> StoppableAsync<TOptions>(TOptions options, Func<TOptions, CancellationToken, Task<int>> run)
    {
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await run(options, stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; nothing was written.");
            return Interrupted;
        }
        catch (CannotStartException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return CannotStart;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }
    }
}
