using Npgsql;
using Slowlane.Profiling.Sketches;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class QuartilesTests
{
    private static readonly double[] Fractions = [0.25, 0.5, 0.75];

    [Fact]
    [Trait("Category", "Fast")]
    public void Quartiles_OfTwoValues_LieBetweenThem()
        => Assert.Equal([17.125, 17.15, 17.175], Fractions.Select(fraction => new SortedValues([17.1, 17.2]).Quantile(fraction)!.Value));

    [Fact]
    public async Task Quartiles_OfAnyPair_EqualPostgresToTheLastBit()
    {
        var dice = new SeededRandom(19);
        var pairs = Enumerable.Range(0, 4000).Select(_ => (double[])[Value(dice), Value(dice)]).ToArray();
        await using var database = await TestDatabase.CreateAsync();
        await using var command = database.Source.CreateCommand("""
            SELECT array_agg((SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY v) FROM unnest(ARRAY[a, b]) v) ORDER BY n)
            FROM unnest($1, $2) WITH ORDINALITY pairs (a, b, n)
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = Array.ConvertAll(pairs, pair => pair[0]) });
        command.Parameters.Add(new NpgsqlParameter { Value = Array.ConvertAll(pairs, pair => pair[1]) });

        var theirs = (double[,])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        var ours = pairs.SelectMany(pair => Fractions.Select(fraction => new SortedValues([.. pair.Order()]).Quantile(fraction)!.Value));
        Assert.Equal(theirs.Cast<double>(), ours);
    }

    // Short decimals of several magnitudes, and numbers of all their bits.
    private static double Value(SeededRandom dice) => dice.Next(2) == 0
        ? (dice.Next(20_000) - 10_000) / Math.Pow(10, dice.Next(6))
        : (dice.Fraction() - 0.5) * Math.Pow(2, dice.Next(100) - 50);
}
