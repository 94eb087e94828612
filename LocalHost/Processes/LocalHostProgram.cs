using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Logging;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Processes;

/// <summary>Runs the program from start to exit code.</summary>
internal static class LocalHostProgram
{
    /// <returns>The exit code: 0, 2 if the command line or the settings are wrong, otherwise 1.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var options = CommandLine.Parse(args);
            if (options.Help)
            {
                await Console.Out.WriteLineAsync(CommandLine.Help);
                return 0;
            }

            using var signals = new StopSignals();
            await RunAsync(options, signals.Token);
            return 0;
        }
        catch (CannotStartException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return error.ExitCode;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"A file or folder is in the way: {error.Message} See that this user may use it.");
            return 1;
        }
    }

    /// <summary>
    /// After the host has stopped, an unhandled exception on a thread of the platform's extensions ends the process at once. These threads
    /// keep calling storage, which may be down. The guard then ends the workers.
    /// </summary>
    private static void EndQuietlyAfter(CancellationToken stop) => AppDomain.CurrentDomain.UnhandledException += (_, _) =>
    {
        if (stop.IsCancellationRequested)
        {
            Environment.Exit(0);
        }
    };

    private static async Task RunAsync(LocalHostOptions options, CancellationToken stop)
    {
        EndQuietlyAfter(stop);
        ProcessEnvironment.Prepare();
        OpenFileLimit.Require();
        var launch = Launch.Prepare(options);
        ProxyBypass.Apply(launch.Given);
        if (options.Role is not LocalRole.Worker && options.Port != 0)
        {
            LoopbackSockets.RequireFree(options.Port);
        }

        using var loggers = ConsoleLog.Create(launch.HostJson, options.Verbose, stop);
        try
        {
            await using var backing = await Backing.PrepareAsync(options, launch.Given, stop);
            await using var host = await RunningHost.StartAsync(launch, backing, loggers, stop);
            await host.RunAsync(stop);
        }
        catch (Exception error) when (stop.IsCancellationRequested && error is not CannotStartException)
        {
            // The start was interrupted by a stop, so its exceptions are not failures.
        }
    }
}
