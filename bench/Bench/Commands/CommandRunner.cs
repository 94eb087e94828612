using System.Runtime.InteropServices;
using Slowlane.LocalHost.Settings;

namespace Slowlane.Bench.Commands;

/// <summary>How every command begins and ends: help, wrong options, servers that don't start, an interruption.</summary>
internal static class CommandRunner
{
    private const int CannotStart = 1;
    private const int WrongOption = 2;
    private const int Interrupted = 130;

    /// <summary>Runs the command that is named first, and returns its exit code. SIGINT and SIGTERM cancel its token.</summary>
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<ICommand> commands)
    {
        if (args is [] or ["--help"])
        {
            await Console.Out.WriteLineAsync(Help(commands));
            return args.Length == 0 ? WrongOption : 0;
        }

        Func<CancellationToken, Task<int>> run;
        try
        {
            run = Find(args[0], commands).Read(args[1..]);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return WrongOption;
        }

        return await StoppableAsync(run);
    }

    /// <exception cref="FormatException">There is no such command; names the known ones.</exception>
    internal static ICommand Find(string name, IReadOnlyList<ICommand> commands)
        => commands.FirstOrDefault(command => string.Equals(command.Name, name, StringComparison.Ordinal))
            ?? throw new FormatException($"'{name}' is not a command; choose from {string.Join(", ", commands.Select(command => command.Name))}.");

    private static string Help(IReadOnlyList<ICommand> commands) => $"""
        Measures and checks Slowlane.

          dotnet run -c Release --project bench/Bench -- COMMAND OPTIONS

        {string.Join('\n', commands.Select(command => $"  {command.Name,-12}{command.Does}"))}

        COMMAND --help says more of one.
        """;

    private static async Task<int> StoppableAsync(Func<CancellationToken, Task<int>> run)
    {
        using var stopping = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await run(stopping.Token);
        }
#pragma warning disable CA1031 // Ctrl-C stops the hosts, too: a call to one of them may fail before it hears of its token.
        catch (Exception) when (stopping.IsCancellationRequested)
#pragma warning restore CA1031
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
