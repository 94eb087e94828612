using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Slowlane.Bench.Facts;

/// <summary>A process as <c>/proc</c> has it. Its start time tells it from another that got its number later.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">Who started it.</param>
/// <param name="StartTime">In the kernel's ticks.</param>
/// <param name="Ticks">Processor time of its threads so far.</param>
/// <param name="EndedTicks">Processor time of the processes below it that have ended.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessEntry(int Id, int Parent, ulong StartTime, ulong Ticks, ulong EndedTicks)
{
    private const double TicksPerSecond = 100; // USER_HZ: 100 on every architecture that .NET runs on.

    /// <summary>The processor time of all its threads.</summary>
    public TimeSpan Time => TimeSpan.FromSeconds(Ticks / TicksPerSecond);

    /// <summary>The same with that of the processes below it that have ended.</summary>
    public TimeSpan TimeWithEnded => TimeSpan.FromSeconds((Ticks + EndedTicks) / TicksPerSecond);
}

/// <summary>Reads which processes descend from which and what they use, and ends them one by one.</summary>
internal static class ProcessTree
{
    /// <summary>The process, if it is there, and all below it.</summary>
    public static IReadOnlyList<ProcessEntry> Of(int root)
    {
        var all = Entries();
        var tree = all.Where(entry => entry.Id == root).ToList();
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(all.Where(entry => entry.Parent == tree[i].Id));
        }

        return tree;
    }

    /// <summary>A process; null when it is not there. A zombie is as good as gone.</summary>
    public static ProcessEntry? Find(int id)
    {
        // The second field, the program's name, may hold anything: the others are counted from its end, from the state on (proc(5)).
        var stat = Text($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length < 20 || fields[0] is "Z"
            ? null
            : new ProcessEntry(id, (int)Number(1), Number(19), Number(11) + Number(12), Number(13) + Number(14));

        ulong Number(int field) => ulong.Parse(fields[field], CultureInfo.InvariantCulture);
    }

    /// <summary>All processes with these words in their command line.</summary>
    public static IReadOnlyList<ProcessEntry> Naming(string words)
        => [.. Entries().Where(entry => Text($"/proc/{entry.Id}/cmdline").Contains(words, StringComparison.Ordinal))];

    /// <summary>kill -9 of each of these that still runs.</summary>
    public static void Kill(IEnumerable<ProcessEntry> entries)
    {
        foreach (var entry in entries.Where(entry => Find(entry.Id)?.StartTime == entry.StartTime))
        {
            try
            {
                using var process = Process.GetProcessById(entry.Id);
                process.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // It has just ended.
            }
        }
    }

    /// <summary>Proportional set size in bytes: shared pages are counted once among those who share them.</summary>
    public static long Memory(IEnumerable<ProcessEntry> entries) => entries.Sum(entry => Memory(entry.Id));

    /// <summary>The most memory that a process ever had resident, in bytes.</summary>
    public static long PeakMemory(int id) => ProcFile.Bytes($"/proc/{id}/status", "VmHWM:");

    private static List<ProcessEntry> Entries()
        => [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, CultureInfo.InvariantCulture, out var id) ? Find(id) : null)
            .OfType<ProcessEntry>()];

    private static long Memory(int id)
    {
        var line = Text($"/proc/{id}/smaps_rollup").Split('\n').FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // The process has ended, or is another user's.
        }
    }
}
