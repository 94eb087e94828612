using System.Globalization;
using System.Text;
using System.Text.Json;
using Slowlane.Profiling;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Partitions;
using Slowlane.Profiling.Sources;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class TextContentTests
{
    private static readonly SourceColumn[] Columns = [new("word", "text", ValueLayout.Text)];

    [Theory]
    [InlineData("", "")]
    [InlineData("AB-123", "AA-999")]
    [InlineData("Ünïted 日本 ٣", "Aaaaaa aa 9")]
    [InlineData("a\t😀\u0301", "a\t😀\u0301")]
    [Trait("Category", "Fast")]
    public void Text_HasTheShapeOfItsCharacters(string text, string shape) => Assert.Equal(shape, ShapeOf(text));

    [Theory]
    [InlineData("x", 64, true)]
    [InlineData("x", 65, false)]
    [InlineData("😀", 64, true)]
    [InlineData("😀", 65, false)]
    [Trait("Category", "Fast")]
    public void Text_OfUpTo64Characters_HasAShape(string character, int characters, bool has)
        => Assert.Equal(has, ShapeOf(string.Concat(Enumerable.Repeat(character, characters))) is not null);

    [Fact]
    public async Task Profile_OfTexts_HasTheShapesThatPostgresCounts()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table t as select case when n % 50 > 0 then chr(65 + n % 26) || repeat('b', n % 4) || '-' || n % 20000 || repeat('é', n % 3000 / 2900) end as v from generate_series(1, 60000) n
            union all select repeat('x', n) from generate_series(60, 70) n
            """);

        var shapes = Assert.Single((await database.TableAsync("t")).Columns).Shapes!;

        const string shaped = """
            (select translate(v, 'ABCDEFGHIJKLMNOPQRSTUVWXYZéxb0123456789', 'AAAAAAAAAAAAAAAAAAAAAAAAAAaaa9999999999') as shape, count(*) as n from t where length(v) <= 64 group by 1) as s
            """;
        Assert.Equal(
            await database.QueryAsync<string[]>($"select array_agg(shape || ' × ' || n) from (select * from {shaped} order by n desc, shape collate \"C\" limit 10) s"),
            shapes.Values.Select(shape => string.Create(CultureInfo.InvariantCulture, $"{shape.Shape} × {shape.Count}")),
            StringComparer.Ordinal);
        Assert.Equal(await database.QueryAsync<long>($"select count(*) from {shaped}"), shapes.Distinct);
        Assert.Equal(await database.QueryAsync<long>("select count(v) from t"), shapes.Of);
        Assert.Equal(shapes.Of, shapes.Values.Sum(shape => shape.Count) + shapes.Others + shapes.Without);
        Assert.Equal((true, "counted-values", 0, 6L), (shapes.Exact, shapes.Method, shapes.ShareError, shapes.Without));
    }

    // Beyond the bound of distinct values, and beyond that of their bytes alone.
    [Theory]
    [InlineData(200_000, 0)]
    [InlineData(50_000, 150)]
    [Trait("Category", "Fast")]
    public void Shapes_OfMoreTextsThanAreKept_AreOfASampleThatNoSplitChanges(int distinct, int padding)
    {
        var texts = Enumerable.Range(0, distinct * 2).Select(i => Text(i % distinct)).ToArray();
        var whole = Part(texts);
        var merged = texts.Chunk(33_000).Reverse().Select(Part).Aggregate((one, other) =>
        {
            other.Merge(PartitionState.Read(PartitionState.Write(one, 1), 1));
            return other;
        });

        var column = whole.Report(PartitionRows.Input, 1).Columns[0];
        Assert.Equal(Json(column), Json(merged.Report(PartitionRows.Input, 1).Columns[0]));
        var shapes = column.Shapes!;
        Assert.Equal((false, "sampled-values", 1024L, 0.015625), (shapes.Exact, shapes.Method, shapes.Of, shapes.ShareError));
        var kept = padding == 0 ? shapes.Values.Where(shape => shape.Shape.StartsWith("AAA-", StringComparison.Ordinal)).Sum(shape => shape.Count) : shapes.Of - shapes.Without;
        Assert.InRange(kept / 1024.0, 0.25 - (4 * shapes.ShareError), 0.25 + (4 * shapes.ShareError));

        string Text(int i) => string.Create(CultureInfo.InvariantCulture, $"{(i % 4 == 0 ? "SKU-" : "item ")}{i}{(i % 4 == 0 ? "" : new string('.', padding))}");
    }

    private static TablePart Part(IEnumerable<string> texts)
    {
        var part = new TablePart(new ProfileSource { Table = "t", Kind = "table", Snapshot = "1:1:", Columns = Columns }, new ColumnSet(Columns));
        foreach (var text in texts)
        {
            part.Set.Rows++;
            part.Set.Accumulators[0].Add(Encoding.UTF8.GetBytes(text));
        }

        return part;
    }

    private static string Json(ColumnProfile column) => JsonSerializer.Serialize(column with { Top = null }, ProfileJson.Report.ColumnProfile);

    private static string? ShapeOf(string text)
    {
        var shape = new char[2 * TextShape.MostCharacters];
        return TextShape.Write(Encoding.UTF8.GetBytes(text), shape) is var length and >= 0 ? new string(shape, 0, length) : null;
    }
}
