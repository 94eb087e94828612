using System.Runtime.InteropServices;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Services;

/// <summary>The npm packages that the build installed.</summary>
internal static class Packages
{
    private static readonly string Modules = Path.Combine(ProjectFolder.Location, "node_modules");

    public static string Azurite => Installed(Path.Combine(Modules, "azurite", "dist", "src", "azurite.js"), "Azurite", "AzureWebJobsStorage");

    /// <summary>The folder with PostgreSQL's bin, lib and share for this system.</summary>
    public static string Postgres => Installed(Path.Combine(Modules, "@embedded-postgres", Platform, "native"), $"PostgreSQL for {Platform}", "Slowlane__Database");

    /// <summary>The path of a sample data file. The file may be missing.</summary>
    public static string SampleData(string file) => Path.Combine(Modules, "vega-datasets", "data", file);

    private static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            return $"{system}-{(RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "arm64" : "x64")}";
        }
    }

    private static string Installed(string path, string what, string setting)
        => Path.Exists(path)
            ? path
            : throw new CannotStartException($"{what} is not installed in {Modules}. Run \"dotnet build\" again, or set {setting} to one that runs elsewhere.");
}
