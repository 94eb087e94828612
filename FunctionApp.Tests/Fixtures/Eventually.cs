using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Slowlane.Tests.Fixtures;

/// <summary>Waits for what others are about to do: not for ever, and a failure says for what, and what was seen last.</summary>
internal static class Eventually
{
    /// <summary>On a busy machine a process takes its time to start.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task HoldsAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
        => HoldsAsync(() => Task.FromResult(condition()), what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "", TimeSpan? pause = null)
        => await SeesAsync(condition, holds => holds, what, pause);

    /// <summary>Looks until it sees what it waits for, and returns that.</summary>
    public static async Task<T> SeesAsync<T>(Func<Task<T>> look, Func<T, bool> isIt, [CallerArgumentExpression(nameof(isIt))] string what = "", TimeSpan? pause = null)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (isIt(seen))
            {
                return seen;
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"Waited {Limit.TotalMinutes} minutes in vain for: {what}\nSeen last: {seen}");
            await Task.Delay(pause ?? Pause, TestContext.Current.CancellationToken);
        }
    }
}
