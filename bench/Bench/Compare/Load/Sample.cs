using System.Runtime.InteropServices;

namespace Slowlane.Bench.Compare.Load;

/// <summary>One request: what became of it, and when.</summary>
/// <param name="Number">Its number in its flow.</param>
/// <param name="Latency">From the time it was due, so that a driver that falls behind can't hide it, to the whole answer.</param>
/// <param name="Lag">From the time it was due to the time it was sent: the driver's own delay.</param>
/// <param name="Status">The answer's; 0 when there was none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Sample(int Number, TimeSpan Latency, TimeSpan Lag, int Status)
{
    /// <summary>True when it was answered with a 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;
}
