using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Functions;
using Slowlane.Http;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane;

/// <summary>Composes the app.</summary>
public static class SlowlaneServices
{
    /// <summary>Adds everything but the job types, in the order that a job's data meets it.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or out of bounds.</exception>
    public static IServiceCollection AddSlowlane(this IServiceCollection services, IConfiguration configuration)
    {
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
        .AddSingleton<KeyBlobs>()
        .AddSingleton<ResultBlobs>()
        .AddSingleton(provider => Database.Open(provider.GetRequiredService<SlowlaneOptions>()))
        .AddSingleton<Migrator>()
        .AddSingleton<Database>()
        .AddSingleton<OutageRetry>()
        .AddSingleton<UnclaimedStore>()
        .AddSingleton<SentJobs>()
        .AddSingleton<SharedSends>()
        .AddSingleton<JobSender>()
        .AddSingleton<BatchSender>()
        .AddSingleton<ClaimStore>()
        .AddSingleton<LeaseStore>()
        .AddSingleton<ResultStore>()
        .AddSingleton<PartStore>()
        .AddSingleton<OutcomeStore>()
        .AddSingleton<JobReader>()
        .AddSingleton<FinishSignals>()
        .AddSingleton<UsualTimes>()
        .AddSingleton<ControlStore>()
        .AddSingleton<PauseStore>();

    // The function classes must be public and so must what they are made of; the internal constructors are called here.
    private static IServiceCollection AddHttp(this IServiceCollection services) => services
        .AddSingleton<JobLinks>()
        .AddSingleton<JobView>()
        .AddSingleton<StatusAnswer>()
        .AddSingleton<JobEnd>()
        .AddSingleton<AcceptedAnswer>()
        .AddSingleton<Acceptance>()
        .AddSingleton<SubmitJob>()
        .AddSingleton(provider => new BatchApi(
            Get<JobRegistry>(provider), Get<Acceptance>(provider), Get<BatchSender>(provider), Get<UsualTimes>(provider), Get<JobMetrics>(provider)))
        .AddSingleton(provider => new JobApi(
            Get<SubmitJob>(provider), Get<AcceptedAnswer>(provider), Get<JobView>(provider), Get<JobEnd>(provider), Get<StatusAnswer>(provider), Get<ILogger<JobApi>>(provider)))
        .AddSingleton(provider => new JobControl(
            Get<ControlStore>(provider), Get<JobView>(provider), Get<JobRegistry>(provider), Get<JobQueue>(provider), Get<StatusAnswer>(provider), Get<JobLinks>(provider), Get<ILogger<JobControl>>(provider)))
        .AddSingleton(provider => new JobList(
            Get<JobReader>(provider), Get<JobQueue>(provider), Get<JobRegistry>(provider), Get<JobLinks>(provider), Get<ILogger<JobList>>(provider)))
        .AddSingleton(provider => new LongAnswer(Get<SubmitJob>(provider), Get<AcceptedAnswer>(provider), Get<JobRegistry>(provider)))
        .AddSingleton(provider => new PoisonApi(Get<PoisonStore>(provider), Get<JobLinks>(provider), Get<ILogger<PoisonApi>>(provider)))
        .AddSingleton(provider => new PauseApi(
            Get<PauseStore>(provider), Get<HeldJobs>(provider), Get<JobRegistry>(provider), Get<IHostApplicationLifetime>(provider), Get<ILogger<PauseApi>>(provider)))
        .AddSingleton(provider => new Health(Get<Database>(provider), Get<JobQueue>(provider), Get<SlowlaneOptions>(provider), Get<TimeProvider>(provider)));

    private static IServiceCollection AddExecution(this IServiceCollection services) => services
        .AddSingleton(provider =>
        {
            var lanes = new ComputeLanes(Get<SlowlaneOptions>(provider).Lanes, Get<TimeProvider>(provider));
            Get<JobMetrics>(provider).WatchLanes(lanes.Count, () => lanes.Busy);
            return lanes;
        })
        .AddSingleton<BatchDispatch>()
        .AddSingleton<Settlement>()
        .AddSingleton<AttemptRunner>()
        .AddSingleton<SetWriter>()
        .AddSingleton<SetSettlement>()
        .AddSingleton<SetAttempt>()
        .AddSingleton<SetRunner>()
        .AddSingleton<CancelWatch>()
        .AddSingleton<Recycling>()
        .AddSingleton(provider =>
        {
            var lanes = new PartLanes(Get<SlowlaneOptions>(provider), Get<TimeProvider>(provider));
            Get<JobMetrics>(provider).WatchPartLanes(() => lanes.Busy);
            return lanes;
        })
        .AddSingleton<PartHolder>()
        .AddSingleton<PartsUpkeep>()
        .AddSingleton(provider => new PartRunner(
            Get<JobRegistry>(provider),
            Get<PartLanes>(provider),
            Get<PartStore>(provider),
            Get<InputBlobs>(provider),
            Get<Recycling>(provider),
            Get<OutageRetry>(provider),
            Get<Database>(provider),
            Get<TimeProvider>(provider),
            Get<JobMetrics>(provider),
            Get<ILogger<PartRunner>>(provider)))
        .AddSingleton(provider => new JobRunner(
            Get<JobRegistry>(provider),
            Get<ComputeLanes>(provider),
            Get<ClaimStore>(provider),
            Get<AttemptRunner>(provider),
            Get<SetRunner>(provider),
            Get<BatchDispatch>(provider),
            Get<Recycling>(provider),
            Get<OutageRetry>(provider),
            Get<JobMetrics>(provider),
            Get<ILogger<JobRunner>>(provider)));

    private static IServiceCollection AddMaintenance(this IServiceCollection services) => services
        .AddSingleton<SweepStore>()
        .AddSingleton<WakeUps>()
        .AddSingleton<HeldJobs>()
        .AddSingleton<RetentionStore>()
        .AddSingleton<Retention>()
        .AddSingleton<PoisonStore>()
        .AddSingleton(provider => new Sweeper(
            Get<SweepStore>(provider), Get<HeldJobs>(provider), Get<Retention>(provider), Get<WakeUps>(provider), Get<JobMetrics>(provider), Get<TimeProvider>(provider), Get<ILogger<Sweeper>>(provider)))
        .AddHostedService<SweepStandIn>()
        .AddSingleton(provider => new KeyExpiry(Get<KeyBlobs>(provider), Get<ILogger<KeyExpiry>>(provider)))
        .AddSingleton(provider => new PoisonRecorder(Get<Database>(provider), Get<OutageRetry>(provider), Get<ILogger<PoisonRecorder>>(provider)));

    private static T Get<T>(IServiceProvider provider)
        where T : notnull => provider.GetRequiredService<T>();
}
