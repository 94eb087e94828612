using System.Globalization;
using System.Text.Json;

namespace Slowlane.Bench.Profile;

/// <summary>Where a profile differs from what PostgreSQL says of the same table: exact figures at all, estimates by more than they state. Pure.</summary>
internal static class Agreement
{
    private const double Rounding = 1e-9; // PostgreSQL adds up in double precision or decimal, the profile exactly.
    private const double Deviations = 4;  // Of an estimate: beyond them once in 16,000 columns.

    /// <returns>Sentences, none when they agree.</returns>
    public static IReadOnlyList<string> Differences(JsonElement profile, IReadOnlyDictionary<string, string> sql)
        => [.. profile.GetProperty("columns").EnumerateArray().Zip(WideTable.Columns).SelectMany(pair => Of(pair.First, pair.Second, sql))];

    private static List<string> Of(JsonElement column, WideColumn wide, IReadOnlyDictionary<string, string> sql)
    {
        var differences = new List<string>();
        Same("count", "count");
        Same("nulls", "nulls");
        Near("distinct", "distinct.value", Deviations * Number("distinct.relativeError"));
        switch (wide.Kind)
        {
            case Kind.Number:
                Same("min", "min");
                Same("max", "max");
                Near("mean", "numbers.mean", Rounding);
                Near("deviation", "numbers.standardDeviation", Rounding);
                if (IsExact("numbers.quantiles"))
                {
                    Numbers("quartiles", [Number("numbers.quantiles.q1"), Number("numbers.quantiles.median"), Number("numbers.quantiles.q3")]);
                }

                Bins("numbers.histogram");
                break;
            case Kind.Boolean:
                Same("true", "booleans.true");
                break;
            case Kind.Text:
                Same("min", "min");
                Same("max", "max");
                Same("shortest", "lengths.min");
                Same("longest", "lengths.max");
                Near("length", "lengths.mean", Rounding);
                if (IsExact("top"))
                {
                    Numbers("top", [.. At("top.values").EnumerateArray().Select(value => value.GetProperty("count").GetDouble())]);
                }

                break;
            case Kind.Time:
                Same("min", "min");
                Same("max", "max");
                Bins("times.histogram");
                break;
        }

        return differences;

        JsonElement At(string path) => path.Split('.').Aggregate(column, (element, name) => element.GetProperty(name));

        double Number(string path) => At(path).GetDouble();

        bool IsExact(string path) => At(path).GetProperty("exact").GetBoolean();

        string Said(string figure) => sql[$"{wide.Name}_{figure}"];

        void Same(string figure, string path) => Differ(figure, string.Equals(At(path).ToString(), Said(figure), StringComparison.Ordinal), At(path).ToString());

        void Near(string figure, string path, double tolerance) => Differ(figure, IsNear(Number(path), Parse(Said(figure)), tolerance), At(path).ToString());

        void Bins(string path)
        {
            if (IsExact(path))
            {
                var ours = At(path).GetProperty("bins").EnumerateArray().Sum(bin => bin.GetProperty("count").GetInt64());
                Differ("histogram", ours == Values("histogram").Sum(), ours.ToString(CultureInfo.InvariantCulture)); // Its edges are round, those of SQL are not.
            }
        }

        void Numbers(string figure, IReadOnlyList<double> ours)
        {
            var theirs = Values(figure);
            Differ(figure, ours.Count == theirs.Length && ours.Zip(theirs).All(pair => IsNear(pair.First, pair.Second, Rounding)), string.Join(", ", ours.Select(value => value.ToString(CultureInfo.InvariantCulture))));
        }

        double[] Values(string figure) => [.. Said(figure).Trim('{', '}').Split(',').Select(Parse)];

        void Differ(string figure, bool same, string ours)
        {
            if (!same)
            {
                differences.Add($"{wide.Name}, {figure}: {ours} in the profile, {Said(figure)} by PostgreSQL");
            }
        }
    }

    private static bool IsNear(double ours, double theirs, double tolerance) => Math.Abs(ours - theirs) <= tolerance * Math.Abs(theirs);

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
