using System.Reflection;

namespace Slowlane.LocalHost.Services;

/// <summary>Where LocalHost was built: its npm packages are there, and the data folder is beside it.</summary>
internal static class ProjectFolder
{
    public static string Location { get; } = Read("ProjectFolder");

    /// <summary>The program, for whoever starts it as a process of its own.</summary>
    public static string Program { get; } = Read("Program");

    /// <summary>The output folder of the app that was built with it.</summary>
    public static string App { get; } = Read("AppFolder");

    /// <summary>The repository root.</summary>
    public static string Root => Path.GetDirectoryName(Location)!;

    private static string Read(string key) => typeof(ProjectFolder).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => string.Equals(data.Key, key, StringComparison.Ordinal)).Value!;
}
