using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Samples.Spin;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Tests.Fixtures;

/// <summary>The app's own stores on a database of a test's own, schema and all.</summary>
internal sealed class TestStores : IAsyncDisposable
{
    /// <summary>A storage account that nobody needs who has no large results.</summary>
    private const string Nowhere = "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://127.0.0.1:1";

    private readonly TestDatabase _database;
    private readonly NpgsqlDataSource _source;

    private TestStores(TestDatabase database, string storage)
    {
        _database = database;
        Options = new SlowlaneOptions { Database = database.ConnectionString, Storage = storage };
        _source = Database.Open(Options);
        Ready = new Database(_source, AppMigrations.Of(_source), TimeProvider.System);
        Claims = new ClaimStore(Ready, Options);
        Results = new ResultBlobs(Options, NullLogger<ResultBlobs>.Instance);
        Leases = new LeaseStore(Ready, Options);
        Written = new ResultStore(Ready, Results, Leases, Options);
        Outcomes = new OutcomeStore(Ready);
        Jobs = new JobReader(Ready);
        Controls = new ControlStore(Ready, Jobs);
        Sweeps = new SweepStore(Ready, Options);
        Retention = new RetentionStore(Ready, Options, NullLogger<RetentionStore>.Instance);
        Pauses = new PauseStore(Ready);
        Parts = new PartitionStore(Ready);
        OutageRetry = new OutageRetry(new DatabaseProbe(Ready, TimeProvider.System), TimeProvider.System, NullLogger<OutageRetry>.Instance);
    }

    public static JobDefinition Spin { get; } = new BufferedJobHandler<SpinJob, SpinInput, string, SpinResult>("spin");

    public SlowlaneOptions Options { get; }

    public Database Ready { get; }

    public ClaimStore Claims { get; }

    public LeaseStore Leases { get; }

    public ResultStore Written { get; }

    public OutcomeStore Outcomes { get; }

    public ResultBlobs Results { get; }

    public JobReader Jobs { get; }

    public ControlStore Controls { get; }

    public SweepStore Sweeps { get; }

    public RetentionStore Retention { get; }

    public PauseStore Pauses { get; }

    public PartitionStore Parts { get; }

    public OutageRetry OutageRetry { get; }

    public TestDatabase Sql => _database;

    public static async Task<TestStores> CreateAsync(string storage = Nowhere) => new(await TestDatabase.CreateForAppAsync(), storage);

    public static Envelope Submitted() => new(JobId.New(TimeProvider.System, Spin.Tag), "spin", """{"id":1}""", null);

    public Task<Claim?> ClaimAsync(Envelope envelope) => Claims.ClaimAsync(envelope, Spin, CancellationToken.None);

    /// <summary>Claims a job that was never claimed before.</summary>
    public async Task<Claim> ClaimNewAsync() => (await ClaimAsync(Submitted()))!;

    public Task<Claim?> WakeAsync(JobId id) => ClaimAsync(new Envelope(id, "spin", null, null));

    /// <summary>True when the lease is ours still.</summary>
    public async Task<bool> RenewAsync(Claim claim, double? progress, CancellationToken cancellationToken)
        => (await Leases.RenewAsync([(claim, progress)], cancellationToken)).Count == 0;

    /// <summary>Lets the lease of a job run out, as the time would.</summary>
    public Task ExpireAsync(JobId id) => _database.ExecuteAsync($"update slowlane.job set lease_until = now() - interval '1 second' where id = '{id.Value}'");

    public async Task<JobRow> RowAsync(JobId id) => (await Jobs.FindAsync(id, CancellationToken.None))!;

    public async ValueTask DisposeAsync()
    {
        Ready.Dispose();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }
}
