using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Jobs;
using Slowlane.Jobs.Profiling;
using Slowlane.Jobs.Spin;

namespace Slowlane;

/// <summary>The job types of this app, a line each.</summary>
public static class JobTypes
{
    /// <summary>Adds them. A type of your own goes here.</summary>
    public static IServiceCollection AddJobTypes(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddJob("profile", new ProfileJob(), ProfileJson.Default.ProfileReport, ProfileJob.Options);
        if (SlowlaneOptions.From(configuration).Samples)
        {
            services.AddJob("spin", new SpinJob(), SpinJson.Default.SpinResult, SpinJob.Options);
        }

        return services;
    }
}
