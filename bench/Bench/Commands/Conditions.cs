using System.Diagnostics;
using System.Reflection;
using Slowlane.LocalHost.Settings;

namespace Slowlane.Bench.Commands;

/// <summary>What must hold before a command takes figures. Where it doesn't, a <see cref="FormatException"/> says what to do, as of a wrong option.</summary>
internal static class Conditions
{
    public static void RequireLinux() => Require(OperatingSystem.IsLinux(), "This command reads /proc: it needs Linux.");

    /// <summary>An unoptimized build's figures would be taken for the app's.</summary>
    public static void RequireReleaseUnless(bool isShort)
        => Require(
            isShort || IsOptimized(typeof(LocalHostOptions).Assembly),
            "Figures are taken from a Release build: add -c Release after dotnet run, or --short for a check without figures.");

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new FormatException(sentence);
        }
    }

    private static bool IsOptimized(Assembly assembly) => assembly.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };
}
