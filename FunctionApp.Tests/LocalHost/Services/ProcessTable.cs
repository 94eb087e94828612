using System.Diagnostics;
using System.Globalization;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Tests.LocalHost.Services;

/// <summary>Processes found by a word of their command line: the data folder's name marks all that work on it.</summary>
internal static class ProcessTable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100); // A look reads a file of each process of the machine.

    public static IReadOnlyList<int> With(params string[] words)
        => [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && pid != Environment.ProcessId && Array.TrueForAll(words, word => CommandLine(pid).Contains(word, StringComparison.Ordinal)))];

    public static bool IsAlive(int pid) => Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"));

    public static void Kill(params string[] words)
    {
        foreach (var pid in With(words))
        {
            try
            {
                using var process = Process.GetProcessById(pid);
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has ended since.
            }
        }
    }

    /// <summary>Sends a signal to a process that this suite started.</summary>
    public static async Task SignalAsync(int pid, string signal)
    {
        using var kill = Process.Start("kill", [signal, pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public static Task UntilNoneAsync(string word)
        => Eventually.SeesAsync(() => Task.FromResult(With(word).Count), count => count == 0, $"no process with {word}", Pause);

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"));
        }
        catch (IOException)
        {
            return string.Empty; // It ended meanwhile.
        }
    }
}
