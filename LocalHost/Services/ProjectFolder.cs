using System.Reflection;

namespace Slowlane.LocalHost.Services;

/// <summary>Where LocalHost was built: its npm packages are there, and the data folder is beside it.</summary>
internal static class ProjectFolder
{
    public static string Location { get; } = typeof(ProjectFolder).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => string.Equals(data.Key, "ProjectFolder", StringComparison.Ordinal)).Value!;

    /// <summary>The repository root.</summary>
    public static string Root => Path.GetDirectoryName(Location)!;
}
