using System.Runtime.CompilerServices;

namespace Slowlane.Tests.Fixtures;

/// <summary>The processes that tests start live for seconds.</summary>
internal static class ShortLivedProcesses
{
    /// <summary>Keeps the code that starts a process unoptimized. Compiling it twice is a third of a host's start.</summary>
    [ModuleInitializer]
    internal static void CompileOnce()
    {
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        Environment.SetEnvironmentVariable("DOTNET_TC_CallCounting", "0");
    }
}
