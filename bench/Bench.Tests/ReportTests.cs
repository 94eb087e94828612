using System.Text.Json;
using System.Xml.Linq;
using Slowlane.Bench.Compare;
using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Report;
using Slowlane.Bench.Compare.Statistics;
using Slowlane.Bench.Reports;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class ReportTests
{
    private static readonly Tally Whole = new(16, 16, 0, 0, 0);
    private static readonly IReadOnlyList<Variant> Compared = [.. Variants.All.Where(variant => variant.Name is "slowlane" or "celery")];

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.123, "0.12")]
    [InlineData(4.056, "4.06")]
    [InlineData(10, "10")]
    [InlineData(12.34, "12.3")]
    [InlineData(776.4, "776")]
    [InlineData(2345.6, "2,346")]
    public void Number_InATable_HasThreeDigitsThatCount(double value, string text) => Assert.Equal(text, Numbers.Text(value));

    [Fact]
    public void Table_OfFindings_HasFiguresWithTheirSpreadAndTheGoalBeside()
    {
        var report = CompareReport.Write(Found(Read("slowlane", "makespan", 4.05), Read("slowlane", "makespan", 4.07), Read("slowlane", "makespan", 4.06), Read("celery", "makespan", 4.2)));

        var row = Assert.Single(report.Split('\n'), line => line.StartsWith("| makespan of", StringComparison.Ordinal));
        Assert.EndsWith("✓ | 4.06 (4.05..4.07) | 4.2 |", row, StringComparison.Ordinal);
        Assert.Contains("| makespan | 48 of 48 | 16 of 16 |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_OfALateDriver_SaysSoInsteadOfTheFigure()
    {
        var report = CompareReport.Write(Found(Read("slowlane", "load.post.p99", 3) with { LagP99 = 2.5 }));

        Assert.Contains("withheld: driver 2.5 ms late", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_InShort_HasNoFigures()
    {
        var findings = Found(Read("slowlane", "makespan", 4.05));

        var report = CompareReport.Write(findings with { Options = findings.Options with { Short = true } });

        Assert.DoesNotContain("4.05", report, StringComparison.Ordinal);
        Assert.Contains("16 of 16", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slowlane", 0, 0, 0, false, true)]
    [InlineData("slowlane", 1, 0, 0, false, false)]
    [InlineData("slowlane", 1, 0, 0, true, false)]
    [InlineData("slowlane", 0, 1, 0, true, false)]
    [InlineData("slowlane", 0, 0, 1, true, true)]
    [InlineData("slowlane", 0, 0, 1, false, false)]
    [InlineData("celery", 9, 9, 9, true, true)]
    public void Findings_WithSlowlanesJobsLostOrWrittenTwice_AreUnsound(string variant, int lost, int repeated, int refused, bool breaks, bool sound)
        => Assert.Equal(sound, Found(Read(variant, "kill.written", 16) with { Breaks = breaks, Jobs = new Tally(16, 16 - lost, lost, repeated, refused) }).IsSound);

    [Fact]
    public void Plots_OfFindings_AreWellFormedAndDrawEveryVariantWithinThePicture()
    {
        var findings = Found(Read("slowlane", "load.post.p99", 3.1), Read("slowlane", "load.post.p99", 4.4), Read("celery", "load.post.p99", 8000), Read("celery", "makespan", 4.1));

        var plots = Plots.Of(findings).Select(plot => (plot.Name, Svg: XElement.Parse(SvgChart.Draw(plot.Chart).ToString()))).ToList();

        Assert.Equal("latency, work", string.Join(", ", plots.Select(plot => plot.Name)));
        var latency = plots[0].Svg;
        Assert.Equal(2, latency.Descendants().Count(element => element.Name.LocalName is "rect"));
        Assert.Contains(latency.Descendants(), element => string.Equals(element.Value, "8,000", StringComparison.Ordinal));
        Assert.All(latency.Descendants().Attributes("x2"), end => Assert.InRange((double)end, 0, (double)latency.Attribute("width")!));
    }

    [Fact]
    public void Plot_OfAVariantWithoutAFigure_SaysSo()
    {
        var svg = SvgChart.Draw(new Chart("<&>", [new Panel("p", "ms", IsLogarithmic: true, [new Bar("a", null, IsOurs: false)])]));

        Assert.Contains("no figure", svg.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_OfFindings_HasEveryReading()
    {
        using var json = JsonDocument.Parse(Files.Json(Found(Read("slowlane", "makespan", 4.05), Read("celery", "makespan", 4.1))));

        var readings = json.RootElement.GetProperty("readings").EnumerateArray().ToList();

        Assert.Equal([4.05, 4.1], readings.Select(reading => reading.GetProperty("figures").GetProperty("makespan").GetDouble()));
        Assert.Equal(16, readings[0].GetProperty("jobs").GetProperty("written").GetInt32());
    }

    private static Findings Found(params RunReading[] readings) => new(
        new CompareOptions { Variants = Compared }, Compared, readings, [new("commit", "0")], [], []);

    private static RunReading Read(string variant, string figure, double value)
        => new(variant, 0, figure.Split('.')[0], Breaks: false, new Dictionary<string, double>(StringComparer.Ordinal) { [figure] = value }, null, Whole, Others: 0);
}
