using System.Diagnostics;
using Xunit;

namespace Slowlane.Tests.Telemetry;

/// <summary>Waits for what other threads are about to do.</summary>
internal static class Within
{
    public static async Task HalfAMinuteAsync(string what, Func<bool> condition, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"Waited half a minute for {what}.");
            await Task.Delay(10, cancellationToken);
        }
    }
}
