using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Slowlane.Bench.Compare.Load;

/// <summary>What a driver needs of Linux and .NET doesn't offer: a wait for sockets finer than a millisecond, and a priority for one thread.</summary>
internal static partial class Kernel
{
    private const short Readable = 1;

    /// <summary>Waits until one of the connections can be read or it is time, and returns those that can be.</summary>
    public static void Wait(List<Connection> connections, long until, List<Connection> ready)
    {
        ready.Clear();
        Span<Poll> polls = connections.Count <= 128 ? stackalloc Poll[connections.Count + 1] : new Poll[connections.Count + 1];
        for (var i = 0; i < connections.Count; i++)
        {
            polls[i] = new Poll { Descriptor = connections[i].Descriptor, Events = Readable };
        }

        var left = Math.Max(0, Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), until).Ticks);
        var timeout = new TimeSpec { Seconds = (nint)(left / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(left % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick) };
        if (PollUntil(ref polls[0], (nuint)connections.Count, in timeout, 0) > 0)
        {
            for (var i = 0; i < connections.Count; i++)
            {
                if (polls[i].Returned != 0)
                {
                    ready.Add(connections[i]);
                }
            }
        }
    }

    /// <summary>Puts the calling thread before others as far as is permitted; returns how.</summary>
    public static string Hurry()
    {
        const int RoundRobin = 2;
        const int ResetOnFork = 0x40000000;
        var least = 1;
        return SetScheduler(thread: 0, RoundRobin | ResetOnFork, in least) == 0 ? "real-time priority"
            : SetPriority(which: 0, who: 0, nice: -10) == 0 ? "nice -10"
            : "ordinary priority: no other is permitted here";
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int PollUntil(ref Poll polls, nuint count, in TimeSpec timeout, nint mask);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetScheduler(int thread, int policy, in int priority);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int nice);

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
