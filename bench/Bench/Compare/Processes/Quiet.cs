using System.Globalization;

namespace Slowlane.Bench.Compare.Processes;

/// <summary>Waits until the machine has little else to do.</summary>
internal static class Quiet
{
    private const double Enough = 0.15;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns how busy the processors last were, from 0 to 1, once that is little or the time is over.</summary>
    public static async Task<double> WaitAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        for (var start = TimeProvider.System.GetTimestamp(); ;)
        {
            var (total, idle) = Read();
            await Task.Delay(Look, cancellationToken);
            var (totalThen, idleThen) = Read();
            var busy = 1 - ((double)(idleThen - idle) / Math.Max(1, totalThen - total));
            if (busy < Enough || TimeProvider.System.GetElapsedTime(start) >= within)
            {
                return Math.Round(busy, 3);
            }
        }
    }

    // "cpu  user nice system idle iowait irq softirq steal …"
    private static (long Total, long Idle) Read()
    {
        using var reader = new StreamReader("/proc/stat");
        long[] fields = [.. reader.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        return (fields.Sum(), fields[3] + fields[4]);
    }
}
