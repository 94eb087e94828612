using System.Runtime.InteropServices;

namespace Slowlane.Bench.Hosts;

/// <summary>Signals to processes that need not be this one's own.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends a signal; false when there is no such process.</summary>
    public static bool Send(int process, int signal) => SendTo(process, signal) == 0;

    /// <summary>Stops a process in its tracks for a while: a long garbage collection, a frozen machine.</summary>
    public static async Task PauseAsync(int process, TimeSpan duration)
    {
        Send(process, Stop);
        await Task.Delay(duration);
        Send(process, Continue);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendTo(int process, int signal);
}
