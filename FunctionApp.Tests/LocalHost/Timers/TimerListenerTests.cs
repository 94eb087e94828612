using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.LocalHost.Timers;
using Slowlane.LocalHost.Worker;
using Slowlane.Tests.LocalHost.Worker;
using Xunit;

namespace Slowlane.Tests.LocalHost.Timers;

#pragma warning disable CA1062 // The host passes no null to a function.

public sealed class TimerListenerTests
{
    [Theory]
    [InlineData("*/15 * * * * *", "2026-01-02T03:04:15")]
    [InlineData("0 */5 * * * *", "2026-01-02T03:05:00")]
    [InlineData("30 4 * * *", "2026-01-02T04:30:00")]
    [InlineData("00:00:10", "2026-01-02T03:04:15")]
    [InlineData("%Other%", "2026-01-03T00:00:00")]
    public void Next_IsTheFirstOccurrenceAfterNow(string schedule, string expected)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Other", "0 0 0 * * *")]).Build();
        var method = typeof(TickFunctions).GetMethod(nameof(TickFunctions.Run))!;
        var function = new FunctionEntry("Tick", method, method.GetParameters()[0], new TimerTriggerAttribute(schedule));

        var next = TimerSchedule.Read(function, settings).Next(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        Assert.Equal(expected, next.ToString("s", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Timer_RunsOnStartupAndThenOnItsSchedule_NeverTwiceAtOnce()
    {
        var ticks = new Ticks();
        await using var app = await TestApp.StartAsync([typeof(TickFunctions)], compose: builder => builder.Services.AddSingleton(ticks));

        await ticks.Three.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(ticks.Overlapped);
    }

    public sealed class Ticks
    {
        private int _running;
        private int _ended;

        public TaskCompletionSource Three { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Overlapped { get; private set; }

        public async Task RunAsync(CancellationToken cancellationToken)
        {
            Overlapped |= Interlocked.Increment(ref _running) > 1;
            await Task.Delay(50, cancellationToken); // Longer than the schedule's 10 ms.
            Interlocked.Decrement(ref _running);
            if (Interlocked.Increment(ref _ended) == 3)
            {
                Three.SetResult();
            }
        }
    }

    public sealed class TickFunctions(Ticks ticks)
    {
        [Function("Tick")]
        public Task Run([TimerTrigger("00:00:00.010", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellationToken)
        {
            Assert.True(timer.ScheduleStatus!.Next > timer.ScheduleStatus.LastUpdated);
            return ticks.RunAsync(cancellationToken);
        }
    }
}
