using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Drill;

/// <summary>A front and hosts with workers, PostgreSQL and Azurite behind lines that can be cut.</summary>
internal sealed partial class DrillCluster : IAsyncDisposable
{
    /// <summary>How long a silent worker keeps its job: short, so that a drill of minutes sees many leases run out.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly BenchServices _services;
    private readonly List<TcpProxy> _storage;
    private readonly string _storageThroughProxies;
    private AppCluster? _app;

    private DrillCluster(BenchServices services)
    {
        _services = services;
        DatabaseProxy = new TcpProxy(new NpgsqlConnectionStringBuilder(services.Database).Port);
        var storage = services.Storage;
        _storage = [.. Ports().Matches(storage).Select(match => int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture)).Distinct().Select(port =>
        {
            var line = new TcpProxy(port);
            storage = storage.Replace(string.Create(CultureInfo.InvariantCulture, $":{port}/"), string.Create(CultureInfo.InvariantCulture, $":{line.Port}/"), StringComparison.Ordinal);
            return line;
        })];
        _storageThroughProxies = storage;
    }

    public Uri Address => _app!.Address;

    public Node Front => _app!.Front;

    /// <summary>The hosts with workers.</summary>
    public IReadOnlyList<Node> Hosts => _app!.Hosts;

    /// <summary>What no host should have done.</summary>
    public IEnumerable<string> Surprises => _app!.Surprises;

    public TcpProxy DatabaseProxy { get; }

    /// <summary>The database past its line, for the account.</summary>
    public NpgsqlDataSource Source => _services.Source;

    /// <summary>Storage past its lines, for messages out of turn.</summary>
    public string Storage => _services.Storage;

    public static async Task<DrillCluster> StartAsync(int workers, Action<string> say, CancellationToken cancellationToken)
    {
        var cluster = new DrillCluster(await BenchServices.StartDurableAsync(say: say, cancellationToken: cancellationToken));
        try
        {
            await cluster.StartAppAsync(workers, say, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task CutStorageAsync(TimeSpan duration) => Task.WhenAll(_storage.Select(line => line.CutAsync(duration)));

    /// <summary>Ends every connection's process with SIGKILL from inside the server: it takes that for a crash and recovers.</summary>
    public async Task KillDatabaseAsync()
    {
        try
        {
            await Source.ExecuteAsync("copy (select pid from pg_stat_activity where backend_type = 'client backend' limit 1) to program 'read pid; kill -9 $pid'");
        }
        catch (NpgsqlException)
        {
            // As meant: it was this connection's process, or went with it.
        }
    }

    /// <summary>Deletes the row that jobs fetch which must fail.</summary>
    public Task TakeOutAsync() => Source.ExecuteAsync("delete from profile where id = 1000");

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        foreach (var line in _storage.Append(DatabaseProxy))
        {
            await line.DisposeAsync();
        }

        await _services.DisposeAsync();
    }

    private async Task StartAppAsync(int workers, Action<string> say, CancellationToken cancellationToken)
    {
        var database = new NpgsqlConnectionStringBuilder(_services.Database) { Port = DatabaseProxy.Port }.ConnectionString;
        (string, string)[] settings =
        [
            ("Slowlane__Samples", "true"),
            ("Slowlane__Lanes", "1"),
            ("Slowlane__LeaseSeconds", Lease.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        ];
        _app = await AppCluster.StartAsync(database, _storageThroughProxies, DrillOptions.Hosts, workers, settings, say, cancellationToken);
    }

    [GeneratedRegex("127\\.0\\.0\\.1:(?<port>[0-9]+)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ports();
}
