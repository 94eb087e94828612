using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Samples.Spin;

namespace Slowlane;

/// <summary>The job types of this app, a line each.</summary>
public static class JobTypes
{
    /// <summary>Adds them. A type of your own goes here.</summary>
    public static IServiceCollection AddJobTypes(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddProfile();
        if (SlowlaneOptions.From(configuration).Samples)
        {
            services.AddMigrations(typeof(SpinJob).Assembly);
            services.AddJob("spin", new SpinJob(), SpinJson.Default.SpinResult, SpinJob.Options);
        }

        return services;
    }
}
