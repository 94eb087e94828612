using System.Globalization;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class ProfileOfRowsTests
{
    [Fact]
    public void Rows_OfManyKinds_AreProfiledLikeATable()
    {
        var report = Profile("""
            {"rows":[{"n":1,"word":"é","yes":true,"doc":[1, 2],"mix":1},{"n":2.50,"yes":false,"mix":"1","none":null},{"n":null,"word":"","doc":{"a":1},"word":"last"}]}
            """);

        Assert.Equal([("n", "number"), ("word", "text"), ("yes", "boolean"), ("doc", "json"), ("mix", "mixed"), ("none", "null")], report.Columns.Select(column => (column.Name, column.Type)));
        Assert.Equal(("1", "2.50", 1.75), (report.Column("n").Min, report.Column("n").Max, report.Column("n").Numbers!.Mean));
        Assert.Equal((2L, 1L), (report.Column("n").Count, report.Column("n").Nulls));
        Assert.Equal("last", report.Column("word").Min);
        Assert.Equal(2, report.Column("mix").Distinct.Value);
        Assert.Equal(3, report.Column("none").Nulls);
        Assert.Equal(("rows", 3L, 6), (report.Kind, report.RowCount, report.ColumnCount));
    }

    [Fact]
    public void Rows_WithoutFields_AreCounted()
    {
        var report = Profile("""{"rows":[{},{}]}""");

        Assert.Equal((2L, 0), (report.RowCount, report.ColumnCount));
    }

    [Fact]
    public void Numbers_BeyondDouble_AreCountedApart()
    {
        var numbers = Profile("""{"rows":[{"n":1e999},{"n":-1e999},{"n":1e99999999999999999999},{"n":5}]}""").Column("n");

        Assert.Equal((4L, 4L, 3L), (numbers.Count, numbers.Distinct.Value, numbers.Numbers!.BeyondDouble));
        Assert.Equal(5, numbers.Numbers.Mean);
        Assert.Equal("-1" + new string('0', 999), numbers.Min);
    }

    [Fact]
    public void Numbers_OfEqualValue_CountOnce()
        => Assert.Equal(2, Profile("""{"rows":[{"n":1},{"n":1.0},{"n":10e-1},{"n":0.1e1},{"n":0},{"n":-0},{"n":0.00},{"n":0e5}]}""").Column("n").Distinct.Value);

    // The texts are PostgreSQL's, the doubles .NET's.
    [Fact]
    public async Task Numbers_OfAnySpelling_ReadAsPostgresReadsThem()
    {
        await using var database = await TestDatabase.CreateAsync();
        var dice = new SeededRandom(7);
        var spellings = Enumerable.Range(0, 300).Select(_ => Spelling(dice)).Concat(["9007199254740993", "0.1", "1e22", "1e23", "123456789.123456789e-5", "1e-300", "9999999999999999", "12345.0e-4"]).ToList();
        foreach (var spelling in spellings)
        {
            var column = Profile($$"""{"rows":[{"n":{{spelling}}}]}""").Column("n");

            Assert.Equal(await database.QueryAsync<string>($"SELECT ({spelling})::numeric::text"), column.Min);
            Assert.Equal(double.Parse(spelling, CultureInfo.InvariantCulture), column.Numbers!.Mean);
        }
    }

    private static string Spelling(SeededRandom dice)
    {
        var text = (dice.Next(2) == 0 ? "-" : "") + dice.Next(dice.Next(2) == 0 ? 10 : int.MaxValue).ToString(CultureInfo.InvariantCulture);
        text += dice.Next(2) == 0 ? "" : "." + (dice.Next() >> 1).ToString(CultureInfo.InvariantCulture);
        return text + (dice.Next(2) == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"e{dice.Next(120) - 60}"));
    }

    private static Slowlane.Profiling.ProfileReport Profile(string json)
    {
        var (input, errors) = ProfileRun.Parse(json);
        Assert.Empty(errors);
        return ProfileRun.Job.Compute(input, [], ProfileRun.Context());
    }
}
