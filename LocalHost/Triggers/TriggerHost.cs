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
/// <param name="create">Makes the WebJobs host, which tells of a failure of its own.</param>
/// <param name="storageAnswers">Whether trying makes sense: the extensions take half a minute to give up.</param>
/// <param name="log">Where it says that it waits.</param>
internal sealed partial class TriggerHost(
    IReadOnlyList<FunctionDefinition> functions, HttpInputs inputs, Func<Action<Exception>, IHost> create, Func<CancellationToken, Task<bool>> storageAnswers, ILogger<TriggerHost> log) : IAsyncDisposable
{
    private static readonly TimeSpan UntilTriedAgain = TimeSpan.FromSeconds(2);

    /// <summary>How long the extensions may take to stop once the workers have ended.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);

    /// <summary>How long what failed may take to end: it may wait for storage.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private Task _start = Task.CompletedTask;
    private IHost? _host;
    private Task _end = Task.CompletedTask;
    private string _reason = "";

    /// <summary>Starts queues, timers and orchestrations. Returns too when storage doesn't answer; then they start once it does.</summary>
    /// <exception cref="CannotStartException">host.json or a setting is refused.</exception>
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

    /// <summary>Takes nothing new from now on.</summary>
    public void Stop() => _end = EndAsync();

    /// <summary>Waits until what runs has ended, its messages are settled and its locks let go of. After the workers have ended only storage can hold that up, and it may not for long.</summary>
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
        Say(outage);
        _start = StartWithStorageAsync(_stop.Token);
    }

    private void Say(string outage)
    {
        if (!string.Equals(Interlocked.Exchange(ref _reason, outage), outage, StringComparison.Ordinal))
        {
            Waits(log, outage);
        }
    }

    /// <summary>A listener can't go on: its queue or container is gone, or storage lets it in no more. All are started again; while they still start, once they have.</summary>
    private void Fail(Attempt attempt, Exception error)
    {
        attempt.Failure = error;
        if (attempt.Host is { } host && Interlocked.CompareExchange(ref _host, null, host) == host && !_stop.IsCancellationRequested)
        {
            Say(StartFailure.OutageIn(error) ?? StartFailure.Describe(error.GetBaseException()));
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
                Say(outage);
            }

            return outage is null;
        }
        catch (CannotStartException refused)
        {
            Say(refused.Message);
            return false;
        }
    }

    // The extensions read host.json before they ask storage for anything.
    private Attempt Create()
    {
        try
        {
            var attempt = new Attempt();
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

    /// <returns>Why storage could not be used; null when all started.</returns>
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

    // What had started of it must not go on beside the next one.
    private static async Task EndAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Run(host.Dispose); // It may wait for storage, and blocks its thread.
    }

    /// <summary>A WebJobs host, and what one of its listeners failed by.</summary>
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
