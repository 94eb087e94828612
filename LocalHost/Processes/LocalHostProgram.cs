using Slowlane.LocalHost.Logging;

namespace Slowlane.LocalHost.Processes;

/// <summary>The program from its start to its end.</summary>
internal static class LocalHostProgram
{
    /// <returns>The exit code: 0, 1 when something is in the way, 2 when the command line or the settings are wrong.</returns>
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
    /// Once the host stops, a failure on a thread of the platform's extensions ends it at once: they go on asking for storage that may
    /// be down. The guard ends the workers then.
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
        var launch = Launch.Prepare(options);
        if (options.Role is not LocalRole.Worker && options.Port != 0)
        {
            Reachability.RequireFree(options.Port);
        }

        var hostJson = launch.ReadHostJson();
        using var loggers = ConsoleLog.Create(hostJson, options.Verbose, stop);
        try
        {
            await using var backing = await Backing.PrepareAsync(options, launch.Given, stop);
            await using var host = await RunningHost.StartAsync(launch, backing, hostJson, loggers, stop);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception error) when (stop.IsCancellationRequested && error is not CannotStartException)
        {
            // Stopped at its start: whatever was cut off is no failure.
        }
    }
}
