using Slowlane.Bench.Growth.Report;
using Slowlane.Bench.Growth.Rows;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class GrowthReportTests
{
    [Theory]
    [InlineData(100, "| receive 16 | 50.0 / 99.0, 7/s |")]
    [InlineData(99, "| receive 16 | 50.0 / highest of 99: 99.0, 7/s |")]
    [InlineData(7, "| receive 16 | 4.0 / highest of 7: 7.0, 7/s |")]
    public void Percentile_OfTooFewCalls_IsCalledTheHighest(int calls, string row)
    {
        double[] times = [.. Enumerable.Range(1, calls)];
        var messages = Cell.Of("receive 16", "0 messages", times, []) with { PerSecond = 7 };

        var report = GrowthReport.Write(new Findings([], [], [messages], [], new JobCost(0, 0, 0), new PurgePace(0, 0, 0, 0), []));

        Assert.Contains(row, report, StringComparison.Ordinal);
    }

    [Fact]
    public void Percentile_OfASparedStatement_IsCalledTheHighestBesideItsPages()
    {
        var rows = Cell.Of("sweep: purge", "0 finished", [3, 1, 2], []);

        var report = GrowthReport.Write(new Findings([], [rows], [], [], new JobCost(0, 0, 0), new PurgePace(0, 0, 0, 0), []));

        Assert.Contains("| sweep: purge | 2.0 / highest of 3: 3.0 · 0 |", report, StringComparison.Ordinal);
    }
}
