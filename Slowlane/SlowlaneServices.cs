using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Functions;
using Slowlane.Http;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Storage.Connections;
using Slowlane.Storage.Schema;
using Slowlane.Telemetry;

namespace Slowlane;

/// <summary>Composes the app.</summary>
internal static class SlowlaneServices
{
    /// <summary>Adds everything but the job types, in the order that a job's data meets it.</summary>
    /// <exception cref="SettingException">A setting is missing or out of bounds.</exception>
    public static IServiceCollection AddSlowlane(this IServiceCollection services, IConfiguration configuration)
    {
        LogLevels.Require(configuration);
        services.AddSingleton(SlowlaneOptions.From(configuration));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<JobRegistry>();
        services.AddSingleton<RunningFunctions>().AddHostedService(Get<RunningFunctions>); // Added after the worker's own services, it stops before them.
        services.AddTelemetry(configuration);
        return services.AddStorage().AddHttp().AddExecution().AddMaintenance();
    }

    private static IServiceCollection AddStorage(this IServiceCollection services) => services
        .AddSingleton<JobQueue>()
        .AddSingleton<InputBlobs>()
        .AddSingleton<IdempotencyStore>()
        .AddSingleton<ResultBlobs>()
        .AddSingleton(provider => DatabasePools.Open(Get<SlowlaneOptions>(provider)))
        .AddSingleton(provider => new Migrator(Get<DatabasePools>(provider), provider.GetServices<MigrationScripts>(), Get<ILogger<Migrator>>(provider)))
        .AddSingleton(provider => new Database(Get<DatabasePools>(provider), Get<Migrator>(provider), Get<TimeProvider>(provider)))
        .AddSingleton<DatabaseProbe>()
        .AddSingleton<OutageRetry>()
        .AddSingleton<SubmittedJobStore>()
        .AddSingleton<SubmittedJobRecorder>()
        .AddSingleton<SubmitBatcher>()
        .AddSingleton<JobSender>()
        .AddSingleton<BatchSender>()
        .AddSingleton<ClaimStore>()
        .AddSingleton<LeaseStore>()
        .AddSingleton<ResultStore>()
        .AddSingleton<PartitionStore>()
        .AddSingleton<OutcomeStore>()
        .AddSingleton<JobReader>()
        .AddSingleton<CompletionNotifier>()
        .AddSingleton<TypicalDurations>()
        .AddSingleton<ControlStore>()
        .AddSingleton<PauseStore>();

    private static IServiceCollection AddHttp(this IServiceCollection services) => services
        .AddSingleton(provider => new JobEndpoints(provider))
        .AddSingleton<JobLinks>()
        .AddSingleton<JobPath>()
        .AddSingleton<JobLookup>()
        .AddSingleton<StatusResponse>()
        .AddSingleton<ResultResponse>()
        .AddSingleton<PageResponse>()
        .AddSingleton<OutageResponse>()
        .AddSingleton<SubmitReader>()
        .AddSingleton<SubmitIdentifier>()
        .AddSingleton<SubmitPipeline>()
        .AddSingleton<SubmitResponse>()
        .AddSingleton<BatchResponse>()
        .AddSingleton<SubmitApi>()
        .AddSingleton<JobApi>()
        .AddSingleton<JobControl>()
        .AddSingleton<JobList>()
        .AddSingleton<LongAnswer>()
        .AddSingleton<PoisonApi>()
        .AddSingleton<PauseApi>()
        .AddSingleton<SchemaApi>()
        .AddSingleton<Health>();

    private static IServiceCollection AddExecution(this IServiceCollection services) => services
        .AddSingleton(provider =>
        {
            var lanes = new ComputeLanes(Get<SlowlaneOptions>(provider).Lanes, Get<TimeProvider>(provider));
            Get<JobMetrics>(provider).WatchLanes(lanes.Count, () => lanes.Busy);
            return lanes;
        })
        .AddSingleton<BatchDispatch>()
        .AddSingleton<CancelWatch>()
        .AddSingleton<JobClaimer>()
        .AddSingleton<JobFetcher>()
        .AddSingleton<ResultWriter>()
        .AddSingleton<OutcomeRecorder>()
        .AddSingleton<EnvironmentFaults>()
        .AddSingleton<JobCompleter>()
        .AddSingleton<JobExecutor>()
        .AddSingleton<WorkerRecycler>()
        .AddSingleton(provider =>
        {
            var lanes = new PartitionLanes(Get<SlowlaneOptions>(provider), Get<TimeProvider>(provider));
            Get<JobMetrics>(provider).WatchPartitionLanes(() => lanes.Busy);
            return lanes;
        })
        .AddSingleton<PartitionCoordinator>()
        .AddSingleton<PartitionCleanup>()
        .AddSingleton<PartitionComputation>()
        .AddSingleton<PartitionRunner>()
        .AddSingleton<JobRunner>()
        .AddHostedService<JobTypeCheck>();

    private static IServiceCollection AddMaintenance(this IServiceCollection services) => services
        .AddSingleton<SweepStore>()
        .AddSingleton<WakeUps>()
        .AddSingleton<PausedJobs>()
        .AddSingleton<RetentionStore>()
        .AddSingleton<Retention>()
        .AddSingleton<PoisonStore>()
        .AddSingleton<Sweeper>()
        .AddHostedService<SweepStandIn>()
        .AddSingleton<KeyExpiry>()
        .AddSingleton<PoisonRecorder>();

    private static T Get<T>(IServiceProvider provider)
        where T : notnull => provider.GetRequiredService<T>();
}
