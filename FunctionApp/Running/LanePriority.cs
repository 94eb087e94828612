using System.Runtime.InteropServices;

namespace Slowlane.Running;

/// <summary>Puts the calling thread behind all others: what talks to the queue and the database, heartbeats above all, goes first.</summary>
internal static partial class LanePriority
{
    private const int ProcessOrThread = 0; // PRIO_PROCESS, sys/resource.h
    private const int CallingThread = 0;
    private const int Lowest = 19;

    /// <summary>Lowers it as far as the system lets everybody do. No effect where it doesn't.</summary>
    public static void Lower()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;

        // .NET leaves Linux's threads as they are. There, unlike on other systems, a nice value is a thread's own (sched(7)).
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(ProcessOrThread, CallingThread, Lowest);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int priority);
}
