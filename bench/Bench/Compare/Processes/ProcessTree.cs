using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Slowlane.Bench.Compare.Processes;

/// <summary>A process as <c>/proc</c> has it. Its start time tells it from another that got its number later.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessEntry(int Id, int Parent, ulong StartTime);

/// <summary>Reads which processes descend from which, ends them one by one, and adds up their memory.</summary>
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

    /// <summary>kill -9 of each of these that still runs.</summary>
    public static void Kill(IEnumerable<ProcessEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (Read(entry.Id)?.StartTime != entry.StartTime)
            {
                continue;
            }

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

    /// <summary>Processor time of each so far, by its number, in the kernel's ticks.</summary>
    public static Dictionary<int, ulong> Ticks(IEnumerable<ProcessEntry> entries) => entries.ToDictionary(entry => entry.Id, entry => Ticks(entry.Id));

    /// <summary>All processes with these words in their command line.</summary>
    public static IReadOnlyList<ProcessEntry> Naming(string words) => [.. Entries().Where(entry => Text($"/proc/{entry.Id}/cmdline").Contains(words, StringComparison.Ordinal))];

    private static List<ProcessEntry> Entries()
        => [.. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? Read(id) : null).OfType<ProcessEntry>()];

    // A zombie is as good as gone.
    private static ProcessEntry? Read(int id)
    {
        var fields = Fields(id);
        return fields.Length < 20 || fields[0] is "Z"
            ? null
            : new ProcessEntry(id, int.Parse(fields[1], CultureInfo.InvariantCulture), ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    private static ulong Ticks(int id) => Fields(id) is { Length: > 12 } fields
        ? ulong.Parse(fields[11], CultureInfo.InvariantCulture) + ulong.Parse(fields[12], CultureInfo.InvariantCulture)
        : 0;

    // The second field, the program's name, may hold anything: the others are counted from its end.
    private static string[] Fields(int id)
    {
        var stat = Text($"/proc/{id}/stat");
        return stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

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
