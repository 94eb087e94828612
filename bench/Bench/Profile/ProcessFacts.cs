using System.Globalization;

namespace Slowlane.Bench.Profile;

/// <summary>What Linux knows of a process.</summary>
internal static class ProcessFacts
{
    private const double TicksPerSecond = 100; // USER_HZ: 100 on every architecture that .NET runs on.

    /// <summary>The most memory it ever had resident, in MiB.</summary>
    public static double PeakMemory(int process) => Field(process, "VmHWM:") / 1024;

    /// <summary>The processor time of all its threads, in seconds.</summary>
    public static double ProcessorTime(int process)
    {
        // The second field, the program's name, may hold anything: the others are counted from its end.
        var stat = File.ReadAllText(Path(process, "stat"));
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double Field(int process, string name)
    {
        var line = File.ReadLines(Path(process, "status")).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }

    private static string Path(int process, string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/{file}");
}
