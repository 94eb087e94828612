using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.Triggers;

/// <summary>The WebJobs host of an app's functions: it starts with this host, or as soon as storage answers.</summary>
/// <param name="functions">What it starts.</param>
/// <param name="inputs">What it binds for requests.</param>
/// <param name="create">Makes the WebJobs host.</param>
/// <param name="storageAnswers">Whether trying makes sense: the extensions take half a minute to give up.</param>
/// <param name="log">Where it says that it waits.</param>
internal sealed partial class TriggerHost(
    IReadOnlyList<FunctionDefinition> functions, HttpInputs inputs, Func<IHost> create, Func<CancellationToken, Task<bool>> storageAnswers, ILogger<TriggerHost> log) : IDisposable
{
    private static readonly TimeSpan UntilTriedAgain = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private Task _start = Task.CompletedTask;
    private IHost? _host;

    /// <summary>Starts queues, timers and orchestrations. Returns too when storage doesn't answer; then they start once it does.</summary>
    /// <exception cref="CannotStartException">host.json or a setting is refused.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (functions.Count == 0)
        {
            return;
        }

        var host = Create();
        if (!await storageAnswers(cancellationToken))
        {
            host.Dispose();
            StartLater("Nothing listens there.");
        }
        else if (await TryAsync(host, cancellationToken) is { } outage)
        {
            StartLater(outage);
        }
    }

    /// <summary>Takes nothing new, and waits for what runs.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _start.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (_host?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
    }

    public void Dispose()
    {
        _host?.Dispose();
        _stop.Dispose();
    }

    private void StartLater(string outage)
    {
        Waits(log, outage);
        _start = StartWithStorageAsync(_stop.Token);
    }

    private async Task StartWithStorageAsync(CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(UntilTriedAgain, cancellationToken);
        }
        while (!await storageAnswers(cancellationToken) || await TryAsync(Create(), cancellationToken) is not null);
        Started(log);
    }

    // The extensions read host.json before they ask storage for anything.
    private IHost Create()
    {
        try
        {
            var host = create();
            _ = host.Services.GetServices<IExtensionConfigProvider>().Count();
            return host;
        }
        catch (Exception error) when (error is not CannotStartException)
        {
            throw Refused(error);
        }
    }

    /// <returns>Why storage could not be used; null when all started.</returns>
    private async Task<string?> TryAsync(IHost host, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
            await inputs.BindAsync(host, functions, cancellationToken);
            _host = host;
            return null;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            await EndAsync(host);
            return StartFailure.OutageIn(error) ?? throw Refused(error);
        }
    }

    private static CannotStartException Refused(Exception error)
        => CannotStartException.Usage($"The platform's extensions can't start: {StartFailure.Describe(error.GetBaseException())} Correct host.json or the settings.");

    // What had started of it must not go on beside the next one.
    private static async Task EndAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        host.Dispose();
    }

    [LoggerMessage(1, LogLevel.Warning, "Storage can't be reached: queues, timers and orchestrations start once it answers. {Reason}")]
    private static partial void Waits(ILogger log, string reason);

    [LoggerMessage(2, LogLevel.Information, "Storage answers: queues, timers and orchestrations have started.")]
    private static partial void Started(ILogger log);
}
