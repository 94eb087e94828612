using System.Runtime.InteropServices;

namespace Slowlane.Execution;

/// <summary>
/// Gives the calling thread the lowest priority. Threads that answer requests and talk to queue and database, above all
/// heartbeats, go first.
/// </summary>
/// <remarks>
/// .NET does not change the priority of threads on Linux. There, unlike on other systems, a nice value belongs to one thread
/// (sched(7)). The nice value decides how much processor time a thread gets. How soon a waking thread runs depends on the slice
/// that the running thread may use up first: some 3 ms unless it requests less (sched_setattr(2), Linux 6.12; ignored before).
/// SCHED_IDLE would give way at once, but starves on cores that others keep busy, such as a compiler.
/// </remarks>
internal static partial class LanePriority
{
    private const uint Batch = 3; // SCHED_BATCH: a computing thread that never preempts another when it wakes up.
    private const int Lowest = 19;
    private const ulong Slice = 500_000; // Nanoseconds. A tenth of a millisecond was no better.
    private const int CallingThread = 0;

    private static readonly int? SetAttributes = OperatingSystem.IsLinux() ? Number(RuntimeInformation.ProcessArchitecture) : null;

    /// <summary>Lowers the priority as far as the system allows without privileges. No effect where the system does not allow it.</summary>
    public static void Lower()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (SetAttributes is { } number)
        {
            var attributes = new Attributes { Size = (uint)Marshal.SizeOf<Attributes>(), Policy = Batch, Nice = Lowest, Runtime = Slice };
            _ = SystemCall(number, CallingThread, in attributes, flags: 0);
        }
    }

    // The numbers of sched_setattr: the C library has no function for it (glibc before 2.41).
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
