using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Timers;

/// <summary>Runs one timer function at its times, never two runs at once: an occurrence that passes during a run is skipped.</summary>
internal sealed class TimerListener(FunctionRunner runner, TimerSchedule schedule, TimeProvider time)
{
    /// <summary>The longest wait a timer can make at once.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public async Task ListenAsync(CancellationToken stopping)
    {
        var last = default(DateTime);
        try
        {
            if (schedule.RunOnStartup)
            {
                last = await RunAsync(last, Now, stopping);
            }

            while (!stopping.IsCancellationRequested)
            {
                var next = schedule.Next(Now);
                await WaitUntilAsync(next, stopping);
                last = await RunAsync(last, next, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The way a timer ends.
        }
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private async Task WaitUntilAsync(DateTime occurrence, CancellationToken stopping)
    {
        for (var wait = occurrence - Now; wait > TimeSpan.Zero; wait = occurrence - Now)
        {
            // Timers count whole milliseconds: rounded up, so that a run is never early.
            var rounded = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
            await Task.Delay(rounded < LongestWait ? rounded : LongestWait, time, stopping);
        }
    }

    private async Task<DateTime> RunAsync(DateTime last, DateTime occurrence, CancellationToken stopping)
    {
        var now = Now;
        var info = new TimerInfo { ScheduleStatus = new ScheduleStatus { Last = last, Next = schedule.Next(now), LastUpdated = now } };
        await runner.RunAsync(info, string.Create(CultureInfo.InvariantCulture, $"Timer fired at {now:O}"), finish: null, stopping);
        return occurrence;
    }
}
