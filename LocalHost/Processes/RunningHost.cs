using Microsoft.Extensions.Logging;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Http;
using Slowlane.LocalHost.Protocol;
using Slowlane.LocalHost.Settings;
using Slowlane.LocalHost.Triggers;
using Slowlane.LocalHost.Workers;

namespace Slowlane.LocalHost.Processes;

/// <summary>A running host: its workers, the triggers that start their functions, and the HTTP front.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    /// <summary>The time for workers to release their jobs when the host stops.</summary>
    private static readonly TimeSpan WorkersGrace = TimeSpan.FromSeconds(10);

    /// <summary>The time for running requests to end when the host stops.</summary>
    private static readonly TimeSpan RequestsGrace = TimeSpan.FromSeconds(3);

    private readonly Launch _launch;
    private readonly Backing _backing;
    private readonly ILoggerFactory _loggers;
    private readonly WorkerServer _server;
    private readonly WorkerPools _pools;
    private readonly List<WorkerSlot> _slots = [];
    private readonly WrittenStacks _stacks;
    private WorkerForwarder? _forwarder;
    private HttpFront? _front;
    private TriggerHost? _triggers;

    private RunningHost(Launch launch, Backing backing, ILoggerFactory loggers, WorkerServer server)
    {
        (_launch, _backing, _loggers, _server) = (launch, backing, loggers, server);
        _stacks = new WrittenStacks(launch.Options.Verbose);
        var variables = launch.WorkerSettings();
        var (role, workers) = (launch.Options.Role, launch.Options.Workers);
        var web = role is LocalRole.Worker ? null : new WorkerPool([Slot(workers > 0 || role is LocalRole.Front ? "web" : "worker", variables, isPolite: false)]);
        var compute = role is LocalRole.Front ? null
            : workers == 0 ? web
            : new WorkerPool([.. Enumerable.Range(1, workers).Select(number => Slot($"worker {number}", variables, isPolite: true))]);
        _pools = new WorkerPools(web, compute);
    }

    /// <summary>Starts everything. Returns when the host answers requests and receives messages.</summary>
    /// <exception cref="CannotStartException">The host can't start. The message says why.</exception>
    public static async Task<RunningHost> StartAsync(Launch launch, Backing backing, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // The host ends it.
        var host = new RunningHost(launch, backing, loggers, await WorkerServer.StartAsync(launch.Limits, loggers, cancellationToken));
#pragma warning restore CA2000
        try
        {
            await host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until the host is told to stop.</summary>
    /// <exception cref="CannotStartException">A worker can't use its settings.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var refused = Task.WhenAny(_slots.Select(static slot => slot.Refused));
        await Task.WhenAny(refused, Task.Delay(Timeout.Infinite, stop));
        if (refused.IsCompleted)
        {
            throw await await refused;
        }
    }

    /// <summary>
    /// Stops triggers and front first, so that nothing new begins. The workers then release their jobs and answer waiting callers. Everything
    /// else ends last.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _triggers?.Stop();
        var front = _front?.StopAsync(RequestsGrace) ?? Task.CompletedTask;
        await _pools.StopAsync(WorkersGrace);
        await front.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (_triggers?.DisposeAsync() ?? ValueTask.CompletedTask);
        _front?.Dispose();
        _forwarder?.Dispose();
        await _server.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var samples = _backing.LoadSamplesAsync(cancellationToken);
        var functions = await StartWorkersAsync(cancellationToken);
        await samples;
        var prefix = RoutePrefix.Read(_launch.HostJson);
        var inputs = new HttpInputs();
        _front = _pools.Web is null ? null : PrepareFront(RouteTable.Create(functions.Where(function => function.IsHttp), prefix), inputs);
        await (_front?.StartAsync(cancellationToken) ?? Task.CompletedTask);
        _triggers = PrepareTriggers([.. functions.Where(function => !function.IsHttp || function.Inputs.Count > 0)], inputs);
        _backing.Guard.OnAzuriteEnded = _triggers.RestartWithStorage;
        await _triggers.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync(FunctionList.Describe(functions, prefix, _front?.Port ?? 0));
    }

    private async Task<IReadOnlyList<FunctionDefinition>> StartWorkersAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<RpcFunctionMetadata> described = [];
        await foreach (var started in Task.WhenEach(_slots.Select(slot => slot.StartAsync(cancellationToken)).ToList()))
        {
            described = await (await started).Ready; // Awaits workers as they complete, so that a slow start does not hide the first failure.
        }

        IReadOnlyList<FunctionDefinition> functions = [.. FunctionDefinition.ReadAll(described, HostJson.Functions(_launch.HostJson), _launch.Settings).Where(function => _pools.Of(function) is not null)];
        return functions.Count > 0 ? functions
            : throw CannotStartException.Usage($"No function of {_launch.App.Location} runs here: all are disabled, missing in the list \"functions\" of host.json, or of the other role. Enable one, or leave out --role.");
    }

    private WorkerSlot Slot(string name, IReadOnlyDictionary<string, string?> variables, bool isPolite)
    {
        var command = new WorkerCommand(_launch.App, _server.Address, variables, isPolite);
        var slot = new WorkerSlot(name, command, _server, _backing.Guard, new WorkerLog(_loggers, name, _stacks), Console.WriteLine, TimeProvider.System);
        _slots.Add(slot);
        return slot;
    }

    private TriggerHost PrepareTriggers(IReadOnlyList<FunctionDefinition> functions, HttpInputs inputs)
    {
        var invoker = new TriggerInvoker(functions, inputs, _pools, _launch.Limits);
        return new TriggerHost(
            functions,
            inputs,
            failed => JobHost.Create(functions, invoker, _launch.App, _launch.Settings, _launch.HostJson, failed, _loggers),
            _backing.StorageAnswersAsync,
            _loggers.CreateLogger<TriggerHost>());
    }

    private HttpFront PrepareFront(RouteTable routes, HttpInputs inputs)
    {
        var keys = _launch.Options.EnableAuth ? FunctionKeys.Open(_launch.Settings) : null;
        _forwarder = new WorkerForwarder(_launch.Limits, _loggers);
        var dispatcher = new HttpDispatcher(routes, keys, new Homepage(_launch.Settings), inputs, _pools.Web!, _forwarder, new HttpFailures(_loggers.CreateLogger<HttpFailures>()));
        if (keys is not null)
        {
            Console.WriteLine($"Callers need a key; the keys are in {keys.FilePath}.");
        }

        return new HttpFront(_launch.Options.Port, dispatcher, _loggers);
    }
}
