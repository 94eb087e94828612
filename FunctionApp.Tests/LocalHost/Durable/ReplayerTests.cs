using Microsoft.DurableTask;
using Slowlane.LocalHost.Durable.Replay;
using Xunit;
using static Slowlane.LocalHost.Durable.Replay.HistoryEvent;
using static Slowlane.Tests.LocalHost.Durable.Replays;

namespace Slowlane.Tests.LocalHost.Durable;

public sealed class ReplayerTests
{
    private static readonly TaskFailureDetails Boom = new("System.InvalidOperationException", "boom", null, null, null);

    [Fact]
    public void Orchestrator_BeginsAllItsTasks_GoesOnWithEach_AndEndsWithTheLast()
    {
        Assert.Equal("Square #0 1, Square #1 2", Describe(Decide(SumOfSquares, [], First())));

        HistoryEvent[] one = First(TaskScheduled(0, "Square", null), TaskScheduled(1, "Square", null));
        Assert.Equal(string.Empty, Describe(Decide(SumOfSquares, one, Step(1, TaskCompleted(1, "4")))));

        HistoryEvent[] two = [.. one, .. Step(1, TaskCompleted(1, "4"))];
        Assert.Equal("Keep #2 5", Describe(Decide(SumOfSquares, two, Step(2, TaskCompleted(0, "1")))));

        HistoryEvent[] three = [.. two, .. Step(2, TaskCompleted(0, "1"), TaskScheduled(2, "Keep", null))];
        Assert.Equal("ExecutionCompleted 5", Describe(Decide(SumOfSquares, three, Step(3, TaskCompleted(2, null)))));
    }

    [Fact]
    public void Orchestrator_SeesTheFailureOfATask_AndFailsWithIt()
    {
        var decision = Decide(SumOfSquares, First(TaskScheduled(0, "Square", null), TaskScheduled(1, "Square", null)), Step(1, TaskFailed(0, Boom), TaskCompleted(1, "4")));

        Assert.Equal("ExecutionFailed Task 'Square' (#0) failed with an unhandled exception: boom", Describe(decision));
        Assert.True(decision.End!.Failure!.IsCausedBy<TaskFailedException>());
        Assert.True(decision.End.Failure.InnerFailure!.IsCausedBy<InvalidOperationException>());
    }

    public static TheoryData<string, string> OtherHistories => new()
    {
        { "other name", "The history has activity 'Cube' #1, and there the code began activity 'Square' #1." },
        { "other order", "The history has timer #0, and there the code began activity 'Square' #0." },
        { "code does less", "The history has activity 'Square' #2, and there the code began nothing." },
        { "code does more", "The code began activity 'Square' #1, and the history has nothing there." },
        { "code ends early", "The code ended, and the history goes on." },
    };

    [Theory]
    [MemberData(nameof(OtherHistories))]
    public void Replay_ThatDoesNotMatchTheHistory_FailsTheInstanceAndSaysWhere(string difference, string sentence)
    {
        var task0 = TaskScheduled(0, "Square", null);
        var task1 = TaskScheduled(1, "Square", null);
        var (code, past) = difference switch
        {
            "other name" => (SumOfSquares, First(task0, TaskScheduled(1, "Cube", null))),
            "other order" => (SumOfSquares, First(TimerCreated(0, Start), task1)),
            "code does less" => (SumOfSquares, First(task0, task1, TaskScheduled(2, "Square", null))),
            "code does more" => (SumOfSquares, First(task0)),
            _ => ((Func<TaskOrchestrationContext, Task<object?>>)(static _ => Task.FromResult<object?>(1)), First()),
        };

        var decision = Decide(code, past, Step(1, TaskCompleted(0, "1")));

        Assert.Equal(EventKind.ExecutionFailed, decision.End!.Kind);
        Assert.StartsWith(sentence, decision.End.Failure!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", decision.End.Failure.ErrorType);
        Assert.Empty(decision.Actions);
    }

    public static TheoryData<string> IllegalAwaits => ["delay first", "delay beside a task", "another thread", "pool continuation", "nothing that can come"];

    [Theory]
    [MemberData(nameof(IllegalAwaits))]
    public async Task Await_OfWhatIsNotDurable_FailsTheInstance(string what)
    {
        using var foreign = new ManualResetEventSlim();
        var decision = Decide(Illegal, [], First());
        if (what is "delay beside a task")
        {
            Assert.Null(decision.End); // The task can still come; once it has, nothing is left that can.
            decision = Decide(Illegal, First(TaskScheduled(0, "Square", null)), Step(1, TaskCompleted(0, "1")));
        }

        Assert.Equal($"ExecutionFailed {OrchestratorThread.IllegalAwait}", Describe(decision));
        await Task.CompletedTask;

        async Task<object?> Illegal(TaskOrchestrationContext context)
        {
            var token = TestContext.Current.CancellationToken;
            switch (what)
            {
                case "delay first":
                    await Task.Delay(TimeSpan.FromSeconds(30), token);
                    break;
                case "delay beside a task":
                    await Task.WhenAll(context.CallActivityAsync("Square", 1), Task.Delay(TimeSpan.FromSeconds(30), token));
                    break;
                case "another thread":
                    await Task.Run(() => context.CallActivityAsync("Square", 1), token);
                    break;
                case "pool continuation":
                    await Task.Delay(1, token).ConfigureAwait(false);
                    break;
                default:
                    await new TaskCompletionSource().Task;
                    break;
            }

            return null;
        }
    }

    [Fact]
    public void Clock_GuidsAndReplaying_AreTheSameAtEachRepetition()
    {
        var seen = new List<(DateTime Now, Guid Id, bool Replaying)>();
        HistoryEvent[] first = First(TimerCreated(0, Start.AddSeconds(5)));

        Decide(Code, [], First());
        Decide(Code, first, Step(5, TimerFired(0)));

        Assert.Equal([(Start, false), (Start, true), (Start.AddSeconds(5), false)], seen.Select(static sight => (sight.Now, sight.Replaying)));
        Assert.Equal(seen[0].Id, seen[1].Id);
        Assert.NotEqual(seen[1].Id, seen[2].Id);
        Assert.Equal(5, seen[0].Id.Version);

        async Task<object?> Code(TaskOrchestrationContext context)
        {
            seen.Add((context.CurrentUtcDateTime, context.NewGuid(), context.IsReplaying));
            await context.CreateTimer(TimeSpan.FromSeconds(5), CancellationToken.None);
            seen.Add((context.CurrentUtcDateTime, context.NewGuid(), context.IsReplaying));
            return null;
        }
    }

    [Fact]
    public void CustomStatus_IsTheLastOneThatWasSet()
    {
        var decision = Decide(Code, First(TaskScheduled(0, "Square", null)), Step(1, TaskCompleted(0, "1")));

        Assert.Equal("""{"Done":1}""", decision.CustomStatus);

        static async Task<object?> Code(TaskOrchestrationContext context)
        {
            context.SetCustomStatus(new { Done = 0 });
            await context.CallActivityAsync("Square", 1);
            context.SetCustomStatus(new { Done = 1 });
            await context.WaitForExternalEvent<int>("never");
            return null;
        }
    }

    [Fact]
    public void Event_ThatComesBeforeItIsAwaited_IsNotLost_WhateverItsCase()
        => Assert.Equal("ExecutionCompleted 7", Describe(Decide(
            static async context =>
            {
                await context.CallActivityAsync("Square", 1);
                return await context.WaitForExternalEvent<int>("Answer");
            },
            First(TaskScheduled(0, "Square", null)),
            Step(1, EventRaised("ANSWER", "7"), TaskCompleted(0, "1")))));

    [Theory]
    [InlineData(true, "ExecutionCompleted 7")]
    [InlineData(false, "ExecutionCompleted -1")]
    public void EventWithTimeout_IsTheEvent_OrACancelledTask(bool comes, string expected)
        => Assert.Equal(expected, Describe(Decide(
            static async context =>
            {
                try
                {
                    return await context.WaitForExternalEvent<int>("answer", TimeSpan.FromSeconds(9));
                }
                catch (TaskCanceledException)
                {
                    return -1;
                }
            },
            First(TimerCreated(0, Start.AddSeconds(9))),
            Step(9, comes ? EventRaised("answer", "7") : TimerFired(0)))));

    [Fact]
    public void Timer_ThatWasGivenUp_IsPassedOverWhenItFires()
        => Assert.Equal("ExecutionCompleted 7", Describe(Decide(
            static async context =>
            {
                using var giveUp = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromSeconds(9), giveUp.Token);
#pragma warning disable CA1849, MA0042 // Orchestrators cancel in place.
                giveUp.Cancel();
#pragma warning restore CA1849, MA0042
                await Assert.ThrowsAsync<TaskCanceledException>(() => timer);
                return await context.WaitForExternalEvent<int>("answer");
            },
            First(TimerCreated(0, Start.AddSeconds(9))),
            Step(9, TimerFired(0), EventRaised("answer", "7")))));

    [Fact]
    public void Input_IsReadWhateverTheCaseOfItsNames()
        => Assert.Equal("ExecutionCompleted \"x\"", Describe(Decide(static context => Task.FromResult<object?>(context.GetInput<Named>()!.Name), [], First(), """{"name":"x"}""")));

    private static async Task<object?> SumOfSquares(TaskOrchestrationContext context)
    {
        var squares = await Task.WhenAll(context.CallActivityAsync<int>("Square", 1), context.CallActivityAsync<int>("Square", 2));
        await context.CallActivityAsync("Keep", squares.Sum());
        return squares.Sum();
    }

    private sealed record Named(string Name);
}
