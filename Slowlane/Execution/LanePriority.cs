using System.Runtime.InteropServices;

namespace Slowlane.Execution;

/// <summary>Puts the calling thread behind all others: what answers requests and talks to queue and database, heartbeats above all, goes first.</summary>
/// <remarks>
/// .NET leaves the priority of Linux's threads as it is. There, unlike on other systems, a nice value is a thread's own
/// (sched(7)). It decides who gets how much; how soon somebody who wakes up gets it is decided by the slice that the
/// running thread may use up before, some 3 ms unless it asks for less (sched_setattr(2), Linux 6.12; ignored before).
/// SCHED_IDLE would give way at once, but on cores that others keep busy, such as a compiler, it starves.
/// </remarks>
internal static partial class LanePriority
{
    private const uint Batch = 3; // SCHED_BATCH: computes, and never wakes up in anybody's place.
    private const int Lowest = 19;
    private const ulong Slice = 500_000; // Nanoseconds. A tenth of a millisecond did no better.
    private const int CallingThread = 0;

    private static readonly int? SetAttributes = OperatingSystem.IsLinux() ? Number(RuntimeInformation.ProcessArchitecture) : null;

    /// <summary>Lowers it as far as the system lets everybody do. No effect where it doesn't.</summary>
    public static void Lower()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (SetAttributes is { } number)
        {
            var attributes = new Attributes { Size = (uint)Marshal.SizeOf<Attributes>(), Policy = Batch, Nice = Lowest, Runtime = Slice };
            _ = SystemCall(number, CallingThread, in attributes, flags: 0);
        }
    }

    // The C library has no function for it (glibc before 2.41).
    private static int? Number(Architecture architecture) => architecture switch
    {
        Architecture.X64 => 314,
        Architecture.Arm64 => 274,
        _ => null,
    };

    [LibraryImport("libc", EntryPoint = "syscall")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint SystemCall(nint number, nint thread, in Attributes attributes, nint flags);

    // struct sched_attr, its first version.
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
