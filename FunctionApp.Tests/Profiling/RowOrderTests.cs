using System.Buffers.Binary;
using System.Globalization;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Sources;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class RowOrderTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("1", null)]
    [InlineData("1 1", "constant")]
    [InlineData("1 2 9", "strictly-ascending")]
    [InlineData("1 2 2", "ascending")]
    [InlineData("9 2 -1", "strictly-descending")]
    [InlineData("9 9 -1", "descending")]
    [InlineData("1 2 1", null)]
    [InlineData("2 1 1 2", null)]
    [InlineData("9223372036854775806 9223372036854775807", "strictly-ascending")] // Equal as doubles.
    [InlineData("-9223372036854775808 9223372036854775807", "strictly-ascending")]
    [Trait("Category", "Fast")]
    public void Values_WhereverTheyAreSplit_HaveTheOrderOfAll(string values, string? order)
    {
        var numbers = values.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var split = 0; split <= numbers.Length; split++)
        {
            for (var next = split; next <= numbers.Length; next++)
            {
                Assert.Equal(order, Name([numbers[..split], numbers[split..next], numbers[next..]]));
            }
        }
    }

    [Theory]
    [InlineData("Float8", "-1 -0 0 1e308 inf nan nan", "ascending")]
    [InlineData("Float8", "-0 0", "constant")]
    [InlineData("Float8", "nan inf 1 -1 -inf", "strictly-descending")]
    [InlineData("Float8", "nan 1 nan", null)]
    [InlineData("Numeric", "1 1.00", "constant")]
    [InlineData("Numeric", "0.1 0.10000000000000000000000000000001 1e400", "strictly-ascending")]
    [InlineData("Numeric", "-1e400 -1e399 1e200000", null)] // Beyond numeric.
    [Trait("Category", "Fast")]
    public void Numbers_HaveTheOrderOfPostgres(string layout, string values, string? order)
    {
        var set = new ColumnSet([new SourceColumn("c", "type", Enum.Parse<ValueLayout>(layout))]);
        foreach (var value in values.Split(' '))
        {
            if (layout is "Float8")
            {
                var bytes = new byte[8];
                BinaryPrimitives.WriteDoubleBigEndian(bytes, value switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.Parse(value, CultureInfo.InvariantCulture) });
                set.Accumulators[0].Add(bytes);
            }
            else if (JsonNumber.ToNumeric(value) is { } numeric)
            {
                set.Accumulators[0].Add(numeric);
            }
            else
            {
                ((NumericAccumulator)set.Accumulators[0]).AddBeyond(value);
            }
        }

        Assert.Equal(order, set.Report(PartitionRows.Input)[0].Order);
    }

    [Fact]
    public async Task Profile_OfATable_HasTheOrderOfItsRows()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table t as select n as id, n / 10 as run, case when n % 3 > 0 then -n::numeric / 7 end as falling, timestamp '2020-01-01' + n * interval '1 s' as at,
                case when n < 9000 then date '2020-01-01' + n / 9 else 'infinity' end as day, make_interval(days => n) as span, n % 1000 as wheel, 5.0::float8 as same, 'a' as word
            from generate_series(1, 10000) n
            """);

        var report = await database.TableAsync("t");

        string?[] expected = ["strictly-ascending", "ascending", "strictly-descending", "strictly-ascending", "ascending", "strictly-ascending", null, "constant", null];
        Assert.Equal(expected, report.Columns.Select(column => column.Order), StringComparer.Ordinal);
    }

    private static string? Name(string[][] parts)
    {
        var whole = new RowOrder();
        foreach (var part in parts)
        {
            var order = new RowOrder();
            foreach (var value in part)
            {
                order.Add(long.Parse(value, CultureInfo.InvariantCulture));
            }

            whole.Merge(Sent(order));
        }

        return whole.Name;
    }

    private static RowOrder Sent(RowOrder order)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        order.Write(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        var sent = new RowOrder();
        sent.Read(reader);
        return sent;
    }
}
