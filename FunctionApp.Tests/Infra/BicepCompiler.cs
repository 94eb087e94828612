using System.Reflection;

namespace Slowlane.Tests.Infra;

/// <summary>The Bicep compiler, from the package that the project downloads.</summary>
internal static class BicepCompiler
{
    private static readonly Lazy<string> Executable = new(Find);

    /// <summary>Its version, <c>BicepVersion</c> in Directory.Packages.props.</summary>
    public static string Version => Metadata("BicepVersion");

    /// <summary>Runs a command, such as <c>build main.bicep --stdout</c>. What it compiles is the output, what it has to say the errors.</summary>
    /// <exception cref="TimeoutException">The compiler does not end.</exception>
    public static Task<ToolRun> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
        => ToolRun.OfAsync(Executable.Value, folder, environment, arguments);

    private static string Find()
    {
        var path = Metadata("BicepPath");
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var mode && !mode.HasFlag(UnixFileMode.UserExecute))
        {
            File.SetUnixFileMode(path, mode | UnixFileMode.UserExecute); // Not every unpacker of packages keeps it.
        }

        return path;
    }

    private static string Metadata(string key)
        => typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => string.Equals(data.Key, key, StringComparison.Ordinal)).Value!;
}
