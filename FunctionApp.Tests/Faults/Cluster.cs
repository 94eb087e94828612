using System.Globalization;
using System.Text.Json;
using Azure.Storage.Queues;
using Npgsql;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>A front and as many workers as a test starts, on one database and one storage account: the parts that faults come between.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly TestDatabase? _database;
    private readonly Dictionary<string, string> _settings;
    private readonly List<IAsyncDisposable> _parts = [];

    private Cluster(TestDatabase? database, string connectionString, string storage, Dictionary<string, string> settings)
    {
        _database = database;
        _settings = settings;
        Database = connectionString;
        Storage = storage;
        Sql = TestDatabase.Open(connectionString + ";Pooling=false"); // What is kept would be broken after an outage.
        Queue = new QueueClient(storage, "jobs", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
    }

    public SlowlaneApp Front { get; private set; } = null!;

    public string Database { get; }

    public string Storage { get; }

    public NpgsqlDataSource Sql { get; }

    public QueueClient Queue { get; }

    /// <summary>What a real process of this cluster is started with.</summary>
    public IReadOnlyDictionary<string, string> Settings => _settings;

    /// <summary>On the suite's servers, with an in-process front.</summary>
    /// <param name="lease">In seconds.</param>
    /// <param name="settings">On top, by their names in the environment.</param>
    public static async Task<Cluster> StartAsync(int lease = 30, params (string Name, string Value)[] settings)
    {
        var database = await TestDatabase.CreateForAppAsync();
        return await StartAsync(database, database.ConnectionString, await TestServices.StorageAsync(), lease, settings);
    }

    /// <summary>On servers that the test may stop.</summary>
    public static async Task<Cluster> StartOnAsync(OwnServers servers, int lease = 30, params (string Name, string Value)[] settings)
        => await StartAsync(null, await servers.NewDatabaseAsync(), servers.NewStorage(), lease, settings);

    /// <summary>A host with one worker and without HTTP.</summary>
    public HostProcess StartWorker() => Keep(HostProcess.StartWorker(_settings));

    /// <summary>A host with HTTP alone.</summary>
    public Task<HostProcess> StartFrontAsync() => StartHostAsync("--role", "front");

    /// <summary>A host that answers.</summary>
    public async Task<HostProcess> StartHostAsync(params string[] arguments) => Keep(await HostProcess.StartAsync(_settings, arguments));

    /// <summary>Another front and worker, in this process.</summary>
    public async Task<SlowlaneApp> JoinAsync(Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? types = null)
        => Keep(await SlowlaneApp.StartBesideAsync(Database, Storage, _settings, types));

    /// <summary>Submits a job <c>spin</c> that must be accepted; returns where it is.</summary>
    public Task<string> SubmitAsync(int job = 1, double spinMs = 1)
        => Front.SubmitAsync("spin", string.Create(CultureInfo.InvariantCulture, $$"""{"id":1,"batch":"b","job":{{job}},"spin_ms":{{spinMs}}}"""));

    /// <summary>The status that the caller sees, or the HTTP status when it is no document.</summary>
    public async Task<string> StatusAsync(string location)
    {
        using var response = await Front.GetAsync(location);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return response.IsSuccessStatusCode ? body.RootElement.GetProperty("status").GetString()! : ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Waits for the job's end, which must be a good one at the first attempt that counted, and one row written by it and all others.</summary>
    public async Task SucceedsOnceAsync(string location, int attempt = 1, int rows = 1)
    {
        var status = await Front.FinishedAsync(location);
        Assert.Equal(("succeeded", attempt), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        await WrittenOnceAsync(rows);
    }

    /// <summary>Each of the batch's jobs has one row.</summary>
    public async Task WrittenOnceAsync(int jobs)
        => Assert.Equal($"{jobs} {jobs}", await AskAsync<string>("select count(*) || ' ' || count(distinct job) from result where batch = 'b'"));

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Sql.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Sql.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>Waits until a condition in SQL holds; a database that is down answers no.</summary>
    public async Task UntilAsync(string condition)
    {
        NpgsqlConnection? connection = null; // One for all looks: to open it costs far more than to look.
        try
        {
            await Eventually.HoldsAsync(HoldsAsync, condition);
        }
        finally
        {
            await CloseAsync();
        }

        async Task<bool> HoldsAsync()
        {
            try
            {
                connection ??= await Sql.OpenConnectionAsync(Cancellation);
#pragma warning disable CA2100 // A test's own words.
                await using var command = new NpgsqlCommand("select " + condition, connection);
#pragma warning restore CA2100
                return await command.ExecuteScalarAsync(Cancellation) is true; // No row, no.
            }
            catch (NpgsqlException)
            {
                await CloseAsync();
                return false;
            }
        }

        async Task CloseAsync()
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            connection = null;
        }
    }

    /// <summary>Waits until a statement that begins like this waits for a lock.</summary>
    public Task UntilWaitsAsync(string statement)
        => UntilAsync($"exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike '{statement}%')");

    /// <summary>Lets the leases run out and their worker be noticed as lost: what the timer would do within 15 s.</summary>
    public async Task TakeBackAsync()
    {
        await UntilAsync("bool_and(coalesce(lease_until < now(), true)) from slowlane.job");
        await Front.SweepAsync();
    }

    /// <summary>Waits until the queue holds nothing, neither visible nor hidden.</summary>
    public Task UntilQueueIsEmptyAsync() => Eventually.HoldsAsync(async () => (await Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount == 0);

    /// <summary>Locks a table from a session of its own until disposed.</summary>
    public async Task<IAsyncDisposable> LockAsync(string table) => await HoldAsync($"lock table {table} in access exclusive mode");

    /// <summary>Opens a transaction with a statement and keeps it open until disposed.</summary>
    public async Task<IAsyncDisposable> HoldAsync(string sql)
    {
        var connection = await Sql.OpenConnectionAsync(Cancellation);
#pragma warning disable CA2100 // A test's own words.
        await using var command = new NpgsqlCommand("begin; " + sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        await Sql.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private static async Task<Cluster> StartAsync(TestDatabase? database, string connectionString, string storage, int lease, (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = storage,
            ["Slowlane__Database"] = connectionString,
            ["Slowlane__Samples"] = "true",
            ["Slowlane__LeaseSeconds"] = lease.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var cluster = new Cluster(database, connectionString, storage, all);
        cluster.Front = cluster.Keep(await SlowlaneApp.StartFrontBesideAsync(connectionString, storage, all));
        await cluster.Front.SweepAsync(); // Makes the schema.
        return cluster;
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }
}
