using System.Runtime.InteropServices;

namespace Slowlane.Running;

/// <summary>Puts the calling thread behind all others: what answers requests and talks to queue and database, heartbeats above all, goes first.</summary>
/// <remarks>
/// .NET leaves the priority of Linux's threads as it is. There, unlike on other systems, a thread has its own (sched(7)).
/// A nice value decides who gets how much, but not how soon: who wakes up waits until the running thread has used up its
/// slice, some 3 ms. Only a thread of the policy SCHED_IDLE is interrupted at once by any other. It is slower than nice
/// 19 only where others want the whole processor for themselves.
/// </remarks>
internal static partial class LanePriority
{
    private const uint Idle = 5; // SCHED_IDLE
    private const int Lowest = 19; // For systems that read the nice value alone.
    private const int CallingThread = 0;

    private static readonly int? SetAttributes = OperatingSystem.IsLinux() ? Number(RuntimeInformation.ProcessArchitecture) : null;

    /// <summary>Lowers it as far as the system lets everybody do. No effect where it doesn't.</summary>
    public static void Lower()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (SetAttributes is { } number)
        {
            var attributes = new Attributes { Size = (uint)Marshal.SizeOf<Attributes>(), Policy = Idle, Nice = Lowest };
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
