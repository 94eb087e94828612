using Microsoft.Extensions.DependencyInjection;

namespace Slowlane.Profiling;

/// <summary>Registers the job type <c>profile</c>.</summary>
public static class ProfileRegistration
{
    /// <summary>Adds the type and its tables, <c>slowlane.profile</c> and <c>slowlane.profile_column</c>.</summary>
    public static IServiceCollection AddProfile(this IServiceCollection services) => services
        .AddMigrations(typeof(ProfileJob).Assembly, columns: ProfileTables.Columns)
        .AddJob<ProfileJob>("profile");
}
