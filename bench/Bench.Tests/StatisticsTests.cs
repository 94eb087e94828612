using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Compare.Load;
using Slowlane.Bench.Compare.Statistics;
using Slowlane.Bench.Compare.Steps;
using Slowlane.Bench.Statistics;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class StatisticsTests
{
    public static TheoryData<double, double> Ranks => new()
    {
        // part, value of 1..10
        { 0.001, 1 },
        { 0.10, 1 },
        { 0.11, 2 },
        { 0.50, 5 },
        { 0.90, 9 },
        { 0.91, 10 },
        { 0.99, 10 },
        { 1, 10 },
    };

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Percentile_OfTenValues_IsTheNearestRank(double part, double expected)
        => Assert.Equal(expected, Percentile.Of(Enumerable.Range(1, 10).Reverse().Select(value => (double)value), part));

    [Fact]
    public void Percentile_OfNothing_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Percentile.Of([], 0.5));

    [Fact]
    public void Spread_OfRuns_HasTheirMedianLeastAndGreatest()
    {
        Assert.Equal(new Spread(2, 1, 9, 3), Spread.Of([9, 1, 2]));
        Assert.Equal(new Spread(3, 1, 9, 4), Spread.Of([9, 1, 2, 4]));
    }

    [Fact]
    public void Tally_OfABatch_TellsLostRepeatedAndRefused()
    {
        var rows = new Dictionary<int, long> { [0] = 1, [1] = 3, [7] = 1 }; // 7 was not answered, and ran.

        var tally = Tally.Of(sent: 5, new HashSet<int> { 0, 1, 2 }, rows);

        Assert.Equal(new Tally(Accepted: 3, Written: 2, Lost: 1, Repeated: 2, Refused: 2), tally);
        Assert.False(tally.KeepsItsWord);
    }

    [Theory]
    [InlineData(0, 0, 0, false, 0.4, true)]
    [InlineData(0, 0, 0, false, 1.4, false)]
    [InlineData(1, 0, 0, false, null, false)]
    [InlineData(0, 1, 0, false, null, false)]
    [InlineData(0, 0, 1, false, null, false)]
    [InlineData(1, 1, 1, true, null, true)]
    public void Cell_OfARun_HasAFigureOnlyWhenItsDriverWasInTimeAndEveryJobWasWrittenOnce(int lost, int repeated, int refused, bool breaks, double? lag, bool has)
    {
        var reading = Reading(4, lag, breaks, new Tally(10, 10 - lost, lost, repeated, refused));

        var cell = Cell.Of([reading], "celery", "makespan");

        Assert.Equal(has, cell!.Spread is not null);
        Assert.Equal(has, cell.Doubts.Count == 0);
    }

    [Fact]
    public void Cell_OfARunWithAnErrorForAnAnswer_HasNoFigure()
    {
        var cell = Cell.Of([Reading(4) with { Unsuccessful = 2 }], "celery", "makespan");

        Assert.Null(cell!.Spread);
        Assert.Equal("2 timed requests not answered with success", Assert.Single(cell.Doubts));
    }

    [Fact]
    public void Latency_OfAFlow_CountsWhatWasNotAnsweredWithSuccess()
    {
        var (whole, broken) = (Answered(200, 202), Answered(200, 503, 404, 301, 0));
        var reading = new Reading();

        reading.AddLatency("load.post", whole);
        Assert.Equal(0, reading.Unsuccessful);
        reading.AddLatency("load.health", broken);
        Assert.Equal(4, reading.Unsuccessful);

        static Flow Answered(params int[] statuses)
        {
            var flow = Flow.Burst(statuses.Length, _ => []);
            for (var i = 0; i < statuses.Length; i++)
            {
                flow.Record(new Sample(i, TimeSpan.FromMilliseconds(1), TimeSpan.Zero, statuses[i]));
            }

            return flow;
        }
    }

    [Fact]
    public void Cell_OfRunsOfWhichOneIsInDoubt_HasTheOthers()
    {
        var cell = Cell.Of([Reading(4), Reading(9, lag: 3), Reading(6)], "celery", "makespan");

        Assert.Equal(new Spread(5, 4, 6, 2), cell!.Spread);
        Assert.Single(cell.Doubts);
    }

    [Fact]
    public void Cell_OfAVariantThatDidNotRun_IsNone() => Assert.Null(Cell.Of([Reading(4)], "inline", "makespan"));

    private static RunReading Reading(double figure, double? lag = null, bool breaks = false, Tally jobs = default)
        => new("celery", 0, "load", breaks, new Dictionary<string, double>(StringComparer.Ordinal) { ["makespan"] = figure }, lag, jobs, Others: 0);
}
