using Slowlane.Profiling;
using Slowlane.Profiling.Alerts;
using Slowlane.Profiling.Drift;
using Xunit;

namespace Slowlane.Tests.Profiling;

[Trait("Category", "Fast")]
public sealed class AlertRulesTests
{
    public static TheoryData<string, string, double> Cases => new()
    {
        { """{"rows":[{"c":null},{"c":null}]}""", "empty", 1 },
        { """{"rows":[{"c":5},{"c":5},{"c":null}]}""", "constant missing", 1.0 / 3 },
        { Rows(30, static row => $"{row}"), "key-candidate", 1 },
        { Rows(30, static row => row < 1 ? "null" : $"{row}"), "", 0 }, // A thirtieth is missing, less than a twentieth.
        { Rows(20, static row => row < 1 ? "null" : $"{row % 2}"), "missing", 0.05 },
        { Rows(20, static row => row < 2 ? "\"a\"" : "\"b\""), "imbalance", 0.9 },
        { Rows(21, static row => row < 3 ? "true" : "false"), "", 0 },
        { Rows(20, static row => row < 2 ? "true" : "false"), "imbalance", 0.9 },
        { Rows(30, static row => $"\"v{row % 15}\""), "high-cardinality", 0.5 },
        { Rows(30, static row => $"\"v{row % 14}\""), "", 0 },
        { Rows(20, static row => row < 2 ? "\"?\"" : "\"2024-02-28\""), "imbalance dates-in-text", 0.9 },
        { Rows(20, static row => row < 1 ? "\"?\"" : row % 2 == 0 ? "\"2024-02-28\"" : "\"2024-02-28 10:00\""), "dates-in-text", 0.95 },
        { Rows(20, static row => row < 3 ? "\"?\"" : row % 2 == 0 ? "\"2024-02-28\"" : "\"2024-02-28 10:00\""), "", 0 },
        { Rows(20, static row => $"\"{row % 9}\""), "numbers-in-text", 1 },
        { Rows(19, static row => $"\"{row}\""), "", 0 }, // Too few to say anything.
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Column_GetsTheAlertsOfItsRules(string input, string rules, double value)
    {
        var alerts = Report(input).Alerts;

        Assert.Equal(rules, string.Join(' ', alerts.Select(alert => alert.Rule)));
        Assert.Equal(value, alerts is [.., var last] ? last.Value : 0, 12);
    }

    [Fact]
    public void NumbersThatAreNotFinite_AreCounted()
    {
        var column = new ColumnProfile
        {
            Ordinal = 1,
            Name = "c",
            Type = "double precision",
            Count = 4,
            Nulls = 0,
            Distinct = new DistinctFigure(4, true, "hash-set", 0),
            Numbers = new NumberFigures { NaN = 1, Infinity = 1, MinusInfinity = 1 },
        };

        Assert.Equal([new Alert("not-finite", "c", 1, 3, 1)], AlertRules.Of([column]));
    }

    [Fact]
    public void ColumnsThatMovedFromTheEarlierProfile_AreListedFromTheThresholdOn()
    {
        var report = Report("""{"rows":[{"a":1,"b":2,"c":3},{"a":2,"b":3,"c":4}]}""");
        var drift = new DriftReport { Threshold = 0.3, Columns = [new() { Name = "a", Psi = 0.29 }, new() { Name = "gone", SchemaChange = "removed" }, new() { Name = "c", Psi = 0.3 }, new() { Name = "b" }] };

        Assert.Equal([new Alert("drifted", "c", 3, 0.3, 0.3)], AlertRules.Of(report.Columns, drift));
    }

    private static string Rows(int count, Func<int, string> value) => $$"""{"rows":[{{string.Join(',', Enumerable.Range(0, count).Select(row => $$"""{"c":{{value(row)}}}"""))}}]}""";

    private static ProfileReport Report(string input) => ProfileRun.Job.Compute(ProfileRun.Parse(input).Input, [], ProfileRun.Context());
}
