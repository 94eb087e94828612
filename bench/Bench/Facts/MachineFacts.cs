using System.Globalization;

namespace Slowlane.Bench.Facts;

/// <summary>What figures depend on: the day, the machine, its system.</summary>
internal static class MachineFacts
{
    private const double KibibytesPerGibibyte = 1 << 20;

    public static string Date => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Processor => string.Create(CultureInfo.InvariantCulture, $"{Field("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores");

    /// <summary>As the kernel has it, in kB.</summary>
    public static string TotalMemory => Field("/proc/meminfo", "MemTotal");

    public static string Memory => string.Create(CultureInfo.InvariantCulture, $"{long.Parse(TotalMemory.Split(' ')[0], CultureInfo.InvariantCulture) / KibibytesPerGibibyte:0.0} GiB");

    public static string SystemName => $"{Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"')}, Linux {Environment.OSVersion.Version.ToString(3)}{(Autogroups ? ", sched_autogroup on" : "")}";

    // sched(7): every session is a group with an equal share of the cores, and nice values count within it alone.
    private static bool Autogroups => File.Exists("/proc/sys/kernel/sched_autogroup_enabled") && File.ReadAllText("/proc/sys/kernel/sched_autogroup_enabled").Trim() is "1";

    private static string Field(string file, string name, char separator = ':')
        => File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim() ?? "unknown" : "unknown";
}
