using System.Globalization;

namespace Slowlane.Bench.Throughput;

/// <summary>The processor time of this process, and of a PostgreSQL server with its backends (Linux).</summary>
internal sealed record ProcessorTime(TimeSpan Worker, TimeSpan Server)
{
    private const double TicksPerSecond = 100; // USER_HZ, the unit of /proc on every Linux.

    /// <param name="postmaster">The server's first process.</param>
    public static ProcessorTime Now(int postmaster) => new(
        Environment.CpuUsage.TotalTime,
        TimeSpan.FromSeconds(Processes().Where(process => process.Id == postmaster || process.Parent == postmaster).Sum(process => process.Ticks) / TicksPerSecond));

    public static ProcessorTime operator -(ProcessorTime end, ProcessorTime start) => new(end.Worker - start.Worker, end.Server - start.Server);

    /// <summary>The process that started another.</summary>
    public static int ParentOf(int id) => Processes().First(process => process.Id == id).Parent;

    private static IEnumerable<(int Id, int Parent, long Ticks)> Processes()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(folder) is { } stat)
            {
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // From the state on: proc(5).
                yield return (id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
            }
        }
    }

    private static string? Stat(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "stat"));
        }
        catch (IOException)
        {
            return null; // Gone meanwhile.
        }
    }
}
