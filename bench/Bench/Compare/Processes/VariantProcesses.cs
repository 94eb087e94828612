using System.Net;
using Slowlane.Bench.Compare.Load;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Compare.Processes;

/// <summary>A variant's running processes.</summary>
internal sealed class VariantProcesses : IAsyncDisposable
{
    private static readonly string Programs = Path.Combine(AppContext.BaseDirectory, "Compare", "peers");
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Variant _variant;
    private readonly string _folder;
    private readonly Action<string> _say;
    private readonly List<Server> _servers = [];
    private Places? _places;
    private DevelopmentServices? _storage;
    private Server? _broker;

    private VariantProcesses(Variant variant, string folder, Action<string> say)
    {
        _variant = variant;
        _folder = folder;
        _say = say;
    }

    /// <summary>Where it answers; another place after each start.</summary>
    public IPEndPoint Address => _servers[0].Address!;

    private string StorageFolder => Path.Combine(_folder, "storage");

    public static async Task<VariantProcesses> StartAsync(SharedServices services, Variant variant, string database, Size size, Action<string> say, CancellationToken cancellationToken)
    {
        var processes = new VariantProcesses(variant, services.Folder(variant), say);
        try
        {
            if (variant.UsesStorage)
            {
                processes._storage = await services.StartStorageAsync(processes.StorageFolder, cancellationToken);
            }

            processes._places = new Places(
                database, SharedServices.UriOf(database), processes._storage?.Storage ?? "", AppCluster.FreePort(), processes._folder, Environment.ProcessorCount, size.Redelivery, services.Published);
            if (variant.Broker is { } broker)
            {
                processes._broker = Server.Start(broker(processes._places), processes._folder, processes._folder, say);
                await processes._broker.ReadyAsync(cancellationToken);
            }

            await processes.StartServersAsync(cancellationToken);
            return processes;
        }
        catch
        {
            await processes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts all but the broker, and returns when requests are answered.</summary>
    public async Task StartServersAsync(CancellationToken cancellationToken)
    {
        await LaunchAsync(cancellationToken);
        await AnswersAsync(cancellationToken);
    }

    /// <summary>Starts all but the broker, and returns when they say where they listen.</summary>
    public Task LaunchAsync(CancellationToken cancellationToken) => LaunchAsync(_variant.Servers, cancellationToken);

    /// <summary>Starts these in the place of those that have ended, and returns when they say where they listen.</summary>
    public Task LaunchAsync(Func<Places, IReadOnlyList<ServerCommand>> commands, CancellationToken cancellationToken)
    {
        _servers.ForEach(server => server.Dispose());
        _servers.Clear();
        return LaunchMoreAsync(commands, cancellationToken);
    }

    /// <summary>Starts these beside those that run.</summary>
    public async Task LaunchMoreAsync(Func<Places, IReadOnlyList<ServerCommand>> commands, CancellationToken cancellationToken)
    {
        var before = _servers.Count;
        foreach (var command in commands(_places!))
        {
            _servers.Add(Server.Start(command, Programs, _folder, _say));
        }

        foreach (var server in _servers.Skip(before))
        {
            await server.ReadyAsync(cancellationToken);
        }
    }

    /// <summary>Ends all but the broker, all at once.</summary>
    public Task StopServersAsync() => Task.WhenAll(_servers.Select(server => server.StopAsync()));

    /// <summary>kill -9 of all but the broker, at once.</summary>
    public Task KillAsync() => Task.WhenAll(_servers.Select(server => server.KillAsync()));

    /// <summary>kill -9 of one process that computes; what is above it lives on.</summary>
    public Task KillWorkerAsync()
    {
        var below = ProcessTree.Of(_servers[^1].Id).Skip(1).ToList();
        var named = below.Where(entry => entry.Id == _servers[^1].Worker).ToList();
        ProcessTree.Kill(named.Count > 0 ? named : below.Take(1));
        return Task.CompletedTask;
    }

    /// <summary>The variant's processes; without the broker.</summary>
    public IReadOnlyList<ProcessEntry> Processes() => [.. _servers.SelectMany(server => ProcessTree.Of(server.Id)), .. Guards()];

    /// <summary>The variant's processes and their memory in bytes, and that of what passes jobs on for it.</summary>
    public (int Processes, long Memory, long Broker) Memory()
    {
        var own = Processes();
        var broker = _broker is not null ? ProcessTree.Of(_broker.Id) : _storage is not null ? ProcessTree.Naming(StorageFolder) : []; // Azurite's guard is nobody's child.
        return (own.Count, ProcessTree.Memory(own), ProcessTree.Memory(broker));
    }

    /// <remarks>What passes jobs on goes last: servers that lose it complain, and take longer to end.</remarks>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Ending.AllAsync(StopServersAsync, StopBrokerAsync, StopStorageAsync);
        }
        finally
        {
            _servers.ForEach(server => server.Dispose());
            _broker?.Dispose();
        }
    }

    // LocalHost's guard, which ends its workers should it be killed, is nobody's child: its temporary folder is in this one's.
    private IEnumerable<ProcessEntry> Guards() => _storage is null ? [] : ProcessTree.Naming(_folder + Path.DirectorySeparatorChar).Except(ProcessTree.Naming(StorageFolder));

    private Task StopBrokerAsync() => _broker?.StopAsync() ?? Task.CompletedTask;

    private async Task StopStorageAsync()
    {
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }
    }

    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        var health = Requests.Get(_variant.HealthPath);
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < StartTimeout;)
        {
            var flow = Flow.Burst(1, _ => health);
            await Driver.RunAsync(Address, cancellationToken, flow);
            if (flow.Samples[0].Status == 200)
            {
                return;
            }

            await Task.Delay(100, cancellationToken);
        }

        throw new InvalidOperationException($"{_variant.Name} did not answer {_variant.HealthPath} with 200 within {StartTimeout.TotalSeconds} s.");
    }
}
