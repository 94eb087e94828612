using System.Reflection;

namespace Slowlane.Tests.LocalHost;

/// <summary>The tiny app that is built with the tests.</summary>
internal static class TinyApp
{
    public static string Folder { get; } = Path.GetFullPath(typeof(TinyApp).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => string.Equals(data.Key, "TinyAppFolder", StringComparison.Ordinal)).Value!);
}
