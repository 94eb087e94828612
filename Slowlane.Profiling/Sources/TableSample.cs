using System.Globalization;
using System.Text.Json.Serialization;

namespace Slowlane.Profiling.Sources;

/// <summary>The sample of a table that is profiled instead of all of it.</summary>
/// <param name="Fraction">The share of the table's blocks that PostgreSQL draws.</param>
/// <param name="Method">The method of TABLESAMPLE.</param>
/// <param name="Repeatable">The seed. With the same seed PostgreSQL draws the same blocks of a table that has not changed.</param>
internal sealed record TableSample(double Fraction, string Method, int Repeatable)
{
    /// <summary>The smallest fraction.</summary>
    public const double Least = 0.0001;

    private const int Seed = 1;

    /// <summary>The clause in SQL.</summary>
    [JsonIgnore]
    public string Sql => string.Create(CultureInfo.InvariantCulture, $" tablesample {Method} ({100 * (decimal)Fraction}) repeatable ({Repeatable})");

    /// <summary>A sample by blocks: only they are read. Null if the fraction is all of the table.</summary>
    public static TableSample? Of(double fraction) => fraction < 1 ? new TableSample(fraction, "system", Seed) : null;
}
