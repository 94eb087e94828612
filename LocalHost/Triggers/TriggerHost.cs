using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Triggers;

/// <summary>The WebJobs host of an app's functions. It starts with this host, or later when storage answers.</summary>
/// <param name="functions">The functions that it starts.</param>
/// <param name="inputs">The inputs that it binds for requests.</param>
/// <param name="create">Creates the WebJobs host. The callback receives failures of its listeners.</param>
/// <param name="storageAnswers">Whether storage answers. A start without it is useless, because the extensions take half a minute to give up.</param>
/// <param name="log">Logs that the host waits.</param>
internal sealed partial class TriggerHost(
    IReadOnlyList<FunctionDefinition> functions, HttpInputs inputs, Func<Action<Exception>, IHost> create, Func<CancellationToken, Task<bool>> storageAnswers, ILogger<TriggerHost> log) : IAsyncDisposable
{
    private static readonly TimeSpan UntilTriedAgain = TimeSpan.FromSeconds(2);

    /// <summary>The maximum time for the extensions to stop after the workers have ended.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    /// <summary>The maximum time for a failed host to end, since it may wait for storage.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private Task _start = Task.CompletedTask;
    private Attempt? _latest;
    private IHost? _host;
    private Task _end = Task.CompletedTask;
    private string _reason = "";

    /// <summary>Starts queues, timers and orchestrations. If storage does not answer, it returns and starts them when storage answers.</summary>
    /// <exception cref="CannotStartException">The extensions refuse host.json or a setting.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (functions.Count == 0)
        {
            return;
        }

        var attempt = Create();
        if (!await storageAnswers(cancellationToken))
        {
            attempt.Host!.Dispose();
            StartLater("Nothing listens there.");
        }
        else if (await TryAsync(attempt, cancellationToken) is { } outage)
        {
            StartLater(outage);
        }
    }

    /// <summary>Restarts all listeners when storage answers again. Not each of them notices that its queue is gone.</summary>
    public void RestartWithStorage()
    {
        if (_latest is { } attempt)
        {
            Fail(attempt, new IOException("It has ended."));
        }
    }

    /// <summary>Stops receiving messages and timer events.</summary>
    public void Stop() => _end = EndAsync();

    /// <summary>
    /// Waits until running functions have ended, their messages are settled and the locks are released. After the workers have ended, only
    /// storage can delay this, and the delay is limited.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (await Task.WhenAny(_end, Task.Delay(StopLimit)) == _end)
        {
            _stop.Dispose();
        }
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _start.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (_host is { } host ? EndAsync(host) : Task.CompletedTask);
    }

    private void StartLater(string outage)
    {
        ReportWaiting(outage);
        _start = StartWithStorageAsync(_stop.Token);
    }

    private void ReportWaiting(string outage)
    {
        if (!string.Equals(Interlocked.Exchange(ref _reason, outage), outage, StringComparison.Ordinal))
        {
            Waits(log, outage);
        }
    }

    /// <summary>
    /// Handles a listener that can't go on because its queue or container is gone, or storage refuses access. All listeners are restarted. If
    /// the start is still under way, they are restarted after it.
    /// </summary>
    private void Fail(Attempt attempt, Exception error)
    {
        attempt.Failure = error;
        if (attempt.Host is { } host && Interlocked.CompareExchange(ref _host, null, host) == host && !_stop.IsCancellationRequested)
        {
            ReportWaiting(StartFailure.OutageIn(error) ?? StartFailure.Describe(error.GetBaseException()));
            _start = RestartAsync(host);
        }
    }

    private async Task RestartAsync(IHost host)
    {
        await Task.WhenAny(EndAsync(host), Task.Delay(EndLimit));
        await StartWithStorageAsync(_stop.Token);
    }

    private async Task StartWithStorageAsync(CancellationToken cancellationToken)
    {
        do
        {
            await Task.Delay(UntilTriedAgain, cancellationToken);
        }
        while (!await storageAnswers(cancellationToken) || !await StartsAsync(cancellationToken));
        _reason = "";
        Started(log);
    }

    private async Task<bool> StartsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var outage = await TryAsync(Create(), cancellationToken);
            if (outage is not null)
            {
                ReportWaiting(outage);
            }

            return outage is null;
        }
        catch (CannotStartException refused)
        {
            ReportWaiting(refused.Message);
            return false;
        }
    }

    // The extensions read host.json before they call storage.
    private Attempt Create()
    {
        try
        {
            var attempt = _latest = new Attempt();
            var host = create(error => Fail(attempt, error));
            attempt.Host = host;
            _ = host.Services.GetServices<IExtensionConfigProvider>().Count();
            return attempt;
        }
        catch (Exception error) when (error is not CannotStartException)
        {
            throw Refused(error);
        }
    }

    /// <returns>Why storage can't be used. Null if everything started.</returns>
    private async Task<string?> TryAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        var host = attempt.Host!;
        try
        {
            await host.StartAsync(cancellationToken);
            await inputs.BindAsync(host, functions, cancellationToken);
            _host = host;
            if (attempt.Failure is { } failure)
            {
                Fail(attempt, failure);
            }

            return null;
        }
        catch (Exception error)
        {
            await EndAsync(host);
            cancellationToken.ThrowIfCancellationRequested();
            return StartFailure.OutageIn(error) ?? throw Refused(error);
        }
    }

    private static CannotStartException Refused(Exception error)
        => CannotStartException.Usage($"The platform's extensions can't start: {StartFailure.Describe(error.GetBaseException())} Correct host.json or the settings.");

    // The listeners that did start must not run beside the next host.
    private static async Task EndAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Run(host.Dispose); // Disposal may wait for storage and blocks its thread.
    }

    /// <summary>A WebJobs host and the failure of one of its listeners, if any.</summary>
    private sealed class Attempt
    {
        public IHost? Host { get; set; }

        public Exception? Failure { get; set; }
    }

    [LoggerMessage(1, LogLevel.Warning, "Storage can't be used: queues, timers and orchestrations start once it can. {Reason}")]
    private static partial void Waits(ILogger log, string reason);

    [LoggerMessage(2, LogLevel.Information, "Storage answers: queues, timers and orchestrations have started.")]
    private static partial void Started(ILogger log);
}
