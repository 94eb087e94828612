using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Slowlane.Jobs;

/// <summary>The CPU time of the calling thread. A spin that is measured with it costs the same however busy the machine is.</summary>
public static partial class ThreadCpuClock
{
    // CLOCK_THREAD_CPUTIME_ID is 3 in Linux's bits/time.h and 16 in macOS's time.h. Other systems use the wall clock.
    private static readonly int? Clock = OperatingSystem.IsLinux() ? 3 : OperatingSystem.IsMacOS() ? 16 : null;

    /// <summary>Whether <see cref="Now"/> is CPU time on this system.</summary>
    public static bool IsSupported => Clock is not null;

    public static TimeSpan Now
    {
        get
        {
            if (Clock is { } clock && GetTime(clock, out var time) == 0)
            {
                return new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));
            }

            return Stopwatch.GetElapsedTime(0);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
