using Slowlane.Bench.Drill;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class DrillPlanTests
{
    private static readonly DrillOptions Options = new() { Seed = 7, Jobs = 200, Length = TimeSpan.FromSeconds(60), Workers = 3 };

    [Fact]
    public void Plan_OfTheSameSeed_IsTheSame() => Assert.Equal(DrillPlan.Of(Options), DrillPlan.Of(Options));

    [Fact]
    public void Plan_OfAnotherSeed_IsAnother() => Assert.NotEqual(DrillPlan.Of(Options), DrillPlan.Of(Options with { Seed = 8 }));

    [Fact]
    public void Plan_OfAnySeed_HasEveryJobAndEveryFault()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var actions = DrillPlan.Of(Options with { Seed = seed }).Select(planned => planned.DrillAction).ToList();

            Assert.Equal(Enumerable.Range(0, 200), actions.OfType<DrillAction.Submit>().Select(submit => submit.Job).Distinct().Order());
            Assert.Superset(typeof(DrillAction).GetNestedTypes().ToHashSet(), actions.Select(action => action.GetType()).ToHashSet());
            Assert.All(actions.OfType<DrillAction.KillWorker>(), kill => Assert.InRange(kill.Worker, 0, 2));
            Assert.All(actions.OfType<DrillAction.KillHost>(), kill => Assert.InRange(kill.Host, 0, DrillOptions.Hosts - 1));
        }
    }

    [Theory]
    [InlineData("--jobs", "0")]
    [InlineData("--seconds", "5")]
    [InlineData("--workers", "many")]
    [InlineData("--speed", "1")]
    [InlineData("--seed")]
    public void Options_OutOfBounds_AreRefusedByName(params string[] args)
        => Assert.Contains(args[0], Assert.Throws<FormatException>(() => DrillCommand.Command.Parse(args)).Message, StringComparison.Ordinal);
}
