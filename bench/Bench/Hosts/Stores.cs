using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Samples.Spin;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Bench.Hosts;

/// <summary>The app's own stores: what is timed is what runs.</summary>
internal sealed class Stores : IDisposable
{
    private readonly Database _database;

    public Stores(NpgsqlDataSource source, SlowlaneOptions options)
    {
        _database = new Database(source, AppMigrations.Of(source), TimeProvider.System);
        Claims = new ClaimStore(_database, options);
        Leases = new LeaseStore(_database, options);
        Results = new ResultStore(_database, new ResultBlobs(options, NullLogger<ResultBlobs>.Instance), Leases, options);
        Outcomes = new OutcomeStore(_database);
        Jobs = new JobReader(_database);
        Unclaimed = new SubmittedJobStore(_database, TimeProvider.System);
        Controls = new ControlStore(_database, Jobs);
        Sweeps = new SweepStore(_database, options);
        Retention = new RetentionStore(_database, options, NullLogger<RetentionStore>.Instance);
        Pauses = new PauseStore(_database);
        Times = new TypicalDurations(_database, new JobRegistry([Spin]), TimeProvider.System, NullLogger<TypicalDurations>.Instance);
    }

    public static JobDefinition Spin { get; } = new BufferedJobHandler<SpinJob, SpinInput, string, SpinResult>("spin");

    public ClaimStore Claims { get; }

    public LeaseStore Leases { get; }

    public ResultStore Results { get; }

    public OutcomeStore Outcomes { get; }

    public JobReader Jobs { get; }

    public SubmittedJobStore Unclaimed { get; }

    public ControlStore Controls { get; }

    public SweepStore Sweeps { get; }

    public RetentionStore Retention { get; }

    public PauseStore Pauses { get; }

    public TypicalDurations Times { get; }

    /// <summary>Claims one job; null when it can't be.</summary>
    public async Task<Claim?> ClaimAsync(Envelope envelope) => (await Claims.ClaimAsync([envelope], Spin, CancellationToken.None)).Taken.SingleOrDefault();

    public void Dispose() => _database.Dispose();
}
