using System.Reflection;

namespace Slowlane.LocalHost.Services;

/// <summary>The folder in which LocalHost was built. It contains the npm packages, and the data folder is beside it.</summary>
internal static class ProjectFolder
{
    public static string Location { get; } = Read("ProjectFolder");

    /// <summary>The program's file, for a process that starts LocalHost as a child.</summary>
    public static string Program { get; } = Read("Program");

    /// <summary>The output folder of the app that was built with LocalHost.</summary>
    public static string App { get; } = Read("AppFolder");

    /// <summary>The repository root.</summary>
    public static string Root => Path.GetDirectoryName(Location)!;

    private static string Read(string key) => typeof(ProjectFolder).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => string.Equals(data.Key, key, StringComparison.Ordinal)).Value!;
}
