using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Slowlane.Bench.Hosts;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Drill;

/// <summary>A front and hosts with workers, PostgreSQL and Azurite behind lines that can be cut.</summary>
internal sealed partial class DrillCluster : IAsyncDisposable
{
    /// <summary>How long a silent worker keeps its job: short, so that a drill of minutes sees many leases run out.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly string _folder;
    private readonly DevelopmentServices _services;
    private readonly List<TcpProxy> _storage;

    private DrillCluster(string folder, DevelopmentServices services, int workers, Action<string> say)
    {
        _folder = folder;
        _services = services;
        var database = new NpgsqlConnectionStringBuilder(services.Database);
        DatabaseProxy = new TcpProxy(database.Port);
        database.Port = DatabaseProxy.Port;
        var storage = services.Storage;
        _storage = [.. Ports().Matches(storage).Select(match => int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture)).Distinct().Select(port =>
        {
            var line = new TcpProxy(port);
            storage = storage.Replace(string.Create(CultureInfo.InvariantCulture, $":{port}/"), string.Create(CultureInfo.InvariantCulture, $":{line.Port}/"), StringComparison.Ordinal);
            return line;
        })];
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = storage,
            ["Slowlane__Database"] = database.ConnectionString,
            ["Slowlane__Samples"] = "true",
            ["Slowlane__Lanes"] = "1",
            ["Slowlane__LeaseSeconds"] = Lease.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        };
        var port = LoopbackPort.Free();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        Front = new Node("front", ["--role", "front", "--port", port.ToString(CultureInfo.InvariantCulture)], settings, say);
        Hosts = [.. Enumerable.Range(0, DrillOptions.Hosts).Select(number => new Node(string.Create(CultureInfo.InvariantCulture, $"host {number}"), ["--role", "worker", "--workers", workers.ToString(CultureInfo.InvariantCulture)], settings, say))];
    }

    public Uri Address { get; }

    public Node Front { get; }

    /// <summary>The hosts with workers.</summary>
    public IReadOnlyList<Node> Hosts { get; }

    /// <summary>What no host should have done.</summary>
    public IEnumerable<string> Surprises => Hosts.Append(Front).SelectMany(node => node.Surprises);

    public TcpProxy DatabaseProxy { get; }

    /// <summary>The database past its line, for the account.</summary>
    public string Database => _services.Database;

    /// <summary>Storage past its lines, for messages out of turn.</summary>
    public string Storage => _services.Storage;

    public static async Task<DrillCluster> StartAsync(int workers, Action<string> say)
    {
        // Not ephemeral: these servers keep what they committed when they are killed.
        var folder = Directory.CreateTempSubdirectory("slowlane-drill-").FullName;
        var services = await DevelopmentServices.StartAsync(new ServicesOptions { Folder = folder, Log = say }, CancellationToken.None);
        var cluster = new DrillCluster(folder, services, workers, say);
        await Task.WhenAll(cluster.Hosts.Append(cluster.Front).Select(node => node.StartAsync()));
        await Task.WhenAll([cluster.Front.WorkerAsync(Node.Web), .. cluster.Hosts.Select(host => host.WorkerAsync(Node.Compute(0)))]);
        return cluster;
    }

    public Task CutStorageAsync(TimeSpan duration) => Task.WhenAll(_storage.Select(line => line.CutAsync(duration)));

    /// <summary>Ends every connection's process with SIGKILL from inside the server: it takes that for a crash and recovers.</summary>
    public async Task KillDatabaseAsync()
    {
        await using var source = NpgsqlDataSource.Create(Database);
        try
        {
            await using var command = source.CreateCommand("copy (select pid from pg_stat_activity where backend_type = 'client backend' limit 1) to program 'read pid; kill -9 $pid'");
            await command.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // As meant: it was this connection's process, or went with it.
        }
    }

    /// <summary>Deletes the row that jobs fetch which must fail.</summary>
    public async Task TakeOutAsync()
    {
        await using var source = NpgsqlDataSource.Create(Database);
        await using var command = source.CreateCommand("delete from profile where id = 1000");
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Hosts.Append(Front).Select(node => node.DisposeAsync().AsTask()));
        await DatabaseProxy.DisposeAsync();
        foreach (var line in _storage)
        {
            await line.DisposeAsync();
        }

        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("127\\.0\\.0\\.1:(?<port>[0-9]+)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ports();
}
