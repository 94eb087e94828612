using Invoicing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Profiling;
using Slowlane.Samples.Spin;
using Slowlane.Settings;

namespace Slowlane;

/// <summary>The job types of this app, a line each.</summary>
public static class JobTypes
{
    /// <summary>Adds them. A type of your own goes here.</summary>
    /// <exception cref="SettingException">The setting <c>Slowlane:Samples</c> is neither true nor false.</exception>
    public static IServiceCollection AddJobTypes(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddProfile();
        if (HasSamples(configuration["Slowlane:Samples"]))
        {
            services.AddMigrations(typeof(JobTypes).Assembly, "Samples");
            services.AddJob<InvoiceJob>("invoice");
            services.AddJob<SpinJob>("spin");
        }

        return services;
    }

    private static bool HasSamples(string? setting) => setting switch
    {
        null or "" => false,
        _ when bool.TryParse(setting, out var value) => value,
        _ => throw new SettingException($"The setting Slowlane:Samples is '{setting}'; choose true or false."),
    };
}
