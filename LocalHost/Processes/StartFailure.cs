using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Slowlane.LocalHost.Processes;

/// <summary>
/// A start that fails ends with a sentence and an exit code, also when the app's own Program.cs throws: nothing here is on its
/// stack. Once the host runs, an unhandled exception is a bug again, with its stack.
/// </summary>
internal sealed class StartFailure : IHostedLifecycleService
{
    private StartFailure()
    {
    }

    /// <summary>Begins to watch this process.</summary>
    public static void Watch() => AppDomain.CurrentDomain.UnhandledException += End;

    /// <summary>Has the watch end when the host has started.</summary>
    public static void Register(IServiceCollection services) => services.AddSingleton<IHostedService>(new StartFailure());

    /// <summary>What to say and the exit code; null for what is no one's settings but a bug, which needs its stack.</summary>
    /// <remarks>An InvalidOperationException thrown by the host's or the app's own code names a value, its bound and the remedy.</remarks>
    public static (string Sentence, int ExitCode)? Explain(Exception error) => error switch
    {
        CannotStartException cannot => (cannot.Message, cannot.ExitCode),
        InvalidOperationException when string.Equals(error.Source, typeof(StartFailure).Assembly.GetName().Name, StringComparison.Ordinal) => (error.Message, 2),
        _ => null,
    };

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        AppDomain.CurrentDomain.UnhandledException -= End;
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void End(object sender, UnhandledExceptionEventArgs failure)
    {
        if (failure.ExceptionObject is Exception error && Explain(error) is (var sentence, var exitCode))
        {
            Console.Error.WriteLine(sentence);
            Environment.Exit(exitCode);
        }
    }
}
