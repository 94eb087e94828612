using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace TinyApp;

/// <summary>Timers.</summary>
public sealed class TimerFunctions
{
    /// <summary>Once a year: what it runs for in a test was missed.</summary>
    [Function("Missed")]
    public static Task Missed([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => NoteAsync("missed", timer);

    [Function("AtStart")]
    public static Task AtStart([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => NoteAsync("at-start", timer);

    [Function("EachSecond")]
    public static Task EachSecond([TimerTrigger("%Tiny:Schedule%")] TimerInfo timer) => NoteAsync("each-second", timer);

    private static Task NoteAsync(string topic, TimerInfo timer)
        => Notes.WriteAsync(topic, string.Create(CultureInfo.InvariantCulture, $"past due: {timer.IsPastDue}, next: {timer.ScheduleStatus?.Next.Year}"));
}
