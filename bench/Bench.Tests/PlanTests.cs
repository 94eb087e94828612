using Slowlane.Bench.Compare;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Steps;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class PlanTests
{
    [Fact]
    public void Rounds_OfVariants_HaveEachOnceARoundAndInEveryTurn()
    {
        var runs = Rounds.Of(["a", "b", "c"], 3).ToList();

        Assert.Equal("a b c, b c a, c a b", string.Join(", ", runs.Chunk(3).Select(round => string.Join(' ', round.Select(run => run.Variant)))));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], runs.Select(run => run.Round));
    }

    [Theory]
    [InlineData("--runs", "0")]
    [InlineData("--runs", "many")]
    [InlineData("--runs")]
    [InlineData("--speed", "1")]
    public void Options_OutOfBounds_AreRefusedByName(params string[] args)
        => Assert.Contains(args[0], Assert.Throws<FormatException>(() => CompareCommand.Command.Parse(args)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("--variants", "slowlane,inlin", "--variants is 'inlin'; choose from slowlane, inline, threadpool, processpool, celery, celery-durable, slowlane-server-gc, slowlane-blocking-gc, slowlane-pgo, slowlane-ahead.")]
    [InlineData("--steps", "idle,lod", "--steps is 'lod'; choose from idle, gap, load, makespan, short, crowd, batch, start, apart, kill, worker, outage.")]
    public void Options_WithAnUnknownName_SayTheKnownOnes(string option, string value, string sentence)
        => Assert.Equal(sentence, Assert.Throws<FormatException>(() => CompareCommand.Command.Parse([option, value])).Message);

    [Fact]
    public void Options_InShort_HaveOneRoundOfFewJobs()
    {
        var options = CompareCommand.Command.Parse(["--variants", "celery, slowlane", "--short"]);

        Assert.Equal("slowlane, celery", Names(options.Variants));
        Assert.Equal((1, Size.Short), (options.Runs, options.Size));
    }

    [Fact]
    public void Ideal_OfTheLongJobs_IsWhatTheCoresCanDo()
    {
        Assert.Equal(TimeSpan.FromSeconds(4), Size.Full.Ideal(2));
        Assert.Equal(TimeSpan.FromSeconds(3), Size.Full.Ideal(3));
        Assert.Equal(TimeSpan.FromSeconds(0.5), Size.Full.Ideal(64));
    }

    [Fact]
    public void Steps_ThatKillAWorker_FitVariantsThatHaveOne()
    {
        var worker = Step.All.Single(step => step.Name is "worker");

        Assert.Equal("slowlane, processpool, celery, celery-durable", Names(Variants.All.Where(worker.Fits)));
    }

    [Fact]
    public void Job_AfterAKill_CountsAsLostOnlyOnceItCouldHaveComeBack()
        => Assert.Equal(
            "slowlane 70, inline 10, threadpool 10, processpool 10, celery 10, celery-durable 225",
            string.Join(", ", Variants.All.Select(variant => FormattableString.Invariant($"{variant.Name} {Size.Full.Settles(variant).TotalSeconds}"))));

    public static TheoryData<string, bool, bool, double, double, double> SecondWrites => new()
    {
        // variant, whether in short, whether the sweeper was killed, when the fault was, until when it may bring a second write, and is watched: seconds after a full minute
        { "slowlane", false, false, 0, 17, 17 },
        { "slowlane", false, false, 0.5, 32, 32 },
        { "slowlane", false, false, 14, 32, 32 },
        { "slowlane", false, true, 14, 47, 47 },
        { "slowlane", true, false, 11, 17, 17 },
        { "slowlane", true, false, 13, 32, 32 },
        { "slowlane", true, true, 0.5, 47, 47 },
        { "slowlane-pgo", false, false, 0.5, 32, 32 },
        { "celery-durable", false, true, 0, 117, 47 },
        { "celery", false, true, 5, 5, 5 },
        { "inline", false, true, 5, 5, 5 },
    };

    [Theory]
    [MemberData(nameof(SecondWrites))]
    public void Variant_AfterAFault_IsWatchedUntilNoSecondWriteCanCome(string variant, bool isShort, bool sweeperKilled, double fault, double possible, double watched)
    {
        var (size, which, minute) = (isShort ? Size.Short : Size.Full, Variants.Known.Single(known => string.Equals(known.Name, variant, StringComparison.Ordinal)), new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.FromHours(1)));

        Assert.Equal(possible, (size.WritesAgainUntil(which, minute.AddSeconds(fault), sweeperKilled) - minute).TotalSeconds);
        Assert.Equal(watched, (size.WatchedUntil(which, minute.AddSeconds(fault), sweeperKilled) - minute).TotalSeconds);
    }

    [Fact]
    public void Lease_OfSlowlane_IsItsOwnUnlessTheFormIsShort()
    {
        Assert.Null(LeaseSeconds(Size.Full));
        Assert.Equal("3", LeaseSeconds(Size.Short));
        Assert.Equal(TimeSpan.FromSeconds(15), Size.Full.Redelivery);

        static string? LeaseSeconds(Size size) => SlowlaneVariants.AsItComes
            .Servers(new Places("", new Uri("postgresql://localhost"), "", 0, "", 1, size.Redelivery, ""))[0].Environment.GetValueOrDefault("Slowlane__LeaseSeconds");
    }

    public static TheoryData<string, double, double, bool> Goals => new()
    {
        // figure, its median, the idle p99 of health and of POST, whether the goal is met on two cores
        { "load.health.p99", 4.0, 2.0, true },
        { "load.health.p99", 4.1, 2.0, false },
        { "load.health.p99", 4.5, 3.0, false },
        { "load.post.p99", 8.0, 4.0, true },
        { "load.post.p99", 8.0, 3.9, false },
        { "load.post.p99", 8.1, 5.0, false },
        { "makespan", 4.08, 1.0, true },
        { "makespan", 4.09, 1.0, false },
        { "short.jobs", 2000, 1.0, true },
        { "short.jobs", 1999, 1.0, false },
        { "worker.written", 16, 1.0, true },
        { "worker.written", 15, 1.0, false },
        { "worker.seconds", 30, 1.0, true },
        { "outage.meanwhile", 15, 1.0, false },
    };

    [Theory]
    [MemberData(nameof(Goals))]
    public void Goal_OfAFigure_IsMetAsTheTableSays(string key, double median, double idle, bool met)
    {
        var figure = Figure.All(Size.Full, cores: 2).Single(figure => string.Equals(figure.Key, key, StringComparison.Ordinal));
        var medians = new Dictionary<string, double>(StringComparer.Ordinal) { ["idle.health.p99"] = idle, ["idle.post.p99"] = idle, [key] = median };

        Assert.Equal(met, figure.Goal!.IsMet(name => medians.TryGetValue(name, out var value) ? value : null));
        Assert.Null(figure.Goal.IsMet(_ => null));
    }

    [Theory]
    [InlineData("slowlane", "--short", true)]
    [InlineData("celery", "--short", false)]
    [InlineData("celery", "--runs,3", true)]
    [InlineData("celery", "--short,--steps,kill", true)]
    public void Steps_InShort_BreakPeersOnlyWhenAskedTo(string variant, string args, bool breaks)
    {
        var options = CompareCommand.Command.Parse(args.Split(','));

        Assert.Equal(breaks, options.StepsOf(Variants.Known.Single(known => string.Equals(known.Name, variant, StringComparison.Ordinal))).Any(step => step.Breaks));
    }

    private static string Names(IEnumerable<Variant> variants) => string.Join(", ", variants.Select(variant => variant.Name));
}
