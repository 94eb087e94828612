using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using NCrontab;
using Slowlane.LocalHost.Worker;

namespace Slowlane.LocalHost.Timers;

/// <summary>When a timer function runs, in UTC.</summary>
internal sealed class TimerSchedule
{
    private readonly Func<DateTime, DateTime> _next;

    private TimerSchedule(Func<DateTime, DateTime> next, bool runOnStartup)
    {
        _next = next;
        RunOnStartup = runOnStartup;
    }

    public bool RunOnStartup { get; }

    /// <summary>Reads a function's schedule: CRON with seconds, or without; or a time span.</summary>
    /// <exception cref="InvalidOperationException">It is none of these.</exception>
    public static TimerSchedule Read(FunctionEntry function, IConfiguration settings)
    {
        var trigger = (TimerTriggerAttribute)function.Trigger;
        var expression = LaunchConfiguration.Expand(trigger.Schedule, settings).Trim();
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        if (CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 }) is { } cron)
        {
            return new TimerSchedule(cron.GetNextOccurrence, trigger.RunOnStartup);
        }

        return TimeSpan.TryParse(expression, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero
            ? new TimerSchedule(now => now + interval, trigger.RunOnStartup)
            : throw new InvalidOperationException(
                $"Function '{function.Name}' has the schedule '{expression}', which can't be read; write six CRON fields beginning with seconds, as '0 */5 * * * *', or a time span, as '00:05:00'.");
    }

    /// <summary>The first occurrence after <paramref name="now"/>.</summary>
    public DateTime Next(DateTime now) => _next(now);
}
