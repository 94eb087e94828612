using System.Text.Json.Serialization;

namespace Slowlane.Profiling;

/// <summary>The number of distinct values.</summary>
/// <param name="Value">The count, or its estimate.</param>
/// <param name="Exact">Whether the count is exact. If not, it is an estimate.</param>
/// <param name="Method">hash-set or hyperloglog.</param>
/// <param name="RelativeError">The standard error of the estimate, as a fraction; 0 when exact.</param>
internal sealed record DistinctFigure(long Value, bool Exact, string Method, double RelativeError);

/// <summary>
/// Statistics of numbers, computed in double precision. NaN, infinities and numbers beyond the range of double are counted separately.
/// </summary>
internal sealed record NumberFigures
{
    /// <summary>The sum. Absent without values, or if it is beyond the range of double.</summary>
    public double? Sum { get; init; }

    /// <summary>The arithmetic mean. Absent without values, or if it is beyond the range of double.</summary>
    public double? Mean { get; init; }

    /// <summary>The standard deviation of the sample (n − 1), as <c>stddev_samp</c>. Absent for fewer than two values.</summary>
    public double? StandardDeviation { get; init; }

    /// <summary>The skewness of the sample. Absent for fewer than three values, or if all are equal.</summary>
    public double? Skewness { get; init; }

    /// <summary>The excess kurtosis of the sample. Absent for fewer than four values, or if all are equal.</summary>
    public double? Kurtosis { get; init; }

    /// <summary>The number of values that are zero.</summary>
    public long Zeros { get; init; }

    /// <summary>The number of values below zero.</summary>
    public long Negatives { get; init; }

    /// <summary>The quartiles and four percentiles. Absent without values.</summary>
    public QuantileFigures<double>? Quantiles { get; init; }

    /// <summary>The values far from the quartiles. Absent without values.</summary>
    public OutlierFigures? Outliers { get; init; }

    /// <summary>The five least distinct values, ascending. Absent without values.</summary>
    public IReadOnlyList<NumberCount>? Smallest { get; init; }

    /// <summary>The five greatest distinct values, descending. Absent without values.</summary>
    public IReadOnlyList<NumberCount>? Largest { get; init; }

    /// <summary>How many values are in which range. Absent without values.</summary>
    public Histogram<double, double?>? Histogram { get; init; }

    /// <summary>The number of NaN values.</summary>
    [JsonPropertyName("nan")]
    public long NaN { get; init; }

    /// <summary>The number of values that are positive infinity.</summary>
    public long Infinity { get; init; }

    /// <summary>The number of values that are negative infinity.</summary>
    public long MinusInfinity { get; init; }

    /// <summary>
    /// The number of finite values whose magnitude exceeds double (over 1.8e308). They are part of count, distinct, min and max, and of no other
    /// statistic.
    /// </summary>
    public long BeyondDouble { get; init; }
}

/// <summary>The quartiles, and percentiles near the ends.</summary>
/// <typeparam name="T">The type of a reported value.</typeparam>
/// <param name="P1">One value in a hundred is below.</param>
/// <param name="P5">One value in twenty is below.</param>
/// <param name="Q1">A quarter of the values is below.</param>
/// <param name="Median">Half of the values is below.</param>
/// <param name="Q3">Three quarters of the values are below.</param>
/// <param name="P95">One value in twenty is above.</param>
/// <param name="P99">One value in a hundred is above.</param>
/// <param name="Exact">True: as <c>percentile_cont</c> for numbers, and as <c>percentile_disc</c> for times. False: a value of the column near the rank.</param>
/// <param name="Method">sorted-values or kll.</param>
/// <param name="RankError">The maximum error of a rank at 99 % confidence, as a fraction of the count. 0 if exact.</param>
internal sealed record QuantileFigures<T>(T P1, T P5, T Q1, T Median, T Q3, T P95, T P99, bool Exact, string Method, double RankError);

/// <summary>The values beyond the fences, which lie 1.5 interquartile ranges below the first quartile and above the third.</summary>
/// <remarks>Tukey, <i>Exploratory data analysis</i> (1977).</remarks>
/// <param name="InterquartileRange">The distance of the first and the third quartile.</param>
/// <param name="Below">Values below this one are outliers.</param>
/// <param name="Above">Values above this one are outliers.</param>
/// <param name="Count">The number of outliers.</param>
/// <param name="Exact">Whether every value was counted.</param>
/// <param name="CountError">The maximum error of the count at 99 % confidence, as a fraction of all values. 0 if exact.</param>
internal sealed record OutlierFigures(double InterquartileRange, double Below, double Above, long Count, bool Exact, double CountError);

/// <summary>A number and how often it occurs.</summary>
/// <param name="Value">The number.</param>
/// <param name="Count">The number of its occurrences.</param>
internal sealed record NumberCount(double Value, long Count);

/// <summary>The number of values in each of several bins.</summary>
/// <typeparam name="T">The type of a reported bound.</typeparam>
/// <typeparam name="TWidth">The type of the width.</typeparam>
/// <param name="Exact">Whether every value was counted.</param>
/// <param name="Method">sorted-values or kll.</param>
/// <param name="CountError">The maximum error of a bin's count at 99 % confidence, as a fraction of all values. 0 if exact.</param>
/// <param name="BinWidth">The width of each bin, of which the bounds are multiples. Absent if no round width fits; the bins then are of equal width.</param>
/// <param name="Bins">The bins. The first begins at the minimum or below, the last ends at the maximum or above.</param>
internal sealed record Histogram<T, TWidth>(bool Exact, string Method, double CountError, TWidth? BinWidth, IReadOnlyList<Bin<T>> Bins);

/// <summary>One bin of a histogram.</summary>
/// <typeparam name="T">The type of a reported bound.</typeparam>
/// <param name="From">The lower bound, inclusive.</param>
/// <param name="To">The upper bound, exclusive. In the last bin it is inclusive.</param>
/// <param name="Count">The number of values.</param>
internal sealed record Bin<T>(T From, T To, long Count);

/// <summary>Dates or timestamps that are later than the profile's beginning.</summary>
/// <param name="Count">Their number, without infinities. At least one if the maximum is later.</param>
/// <param name="Exact">Whether every value was counted.</param>
/// <param name="CountError">The maximum error of the count at 99 % confidence, as a fraction of all values. 0 if exact.</param>
internal sealed record FutureFigure(long Count, bool Exact, double CountError);

/// <summary>Statistics of dates, times and intervals. Infinities are counted separately.</summary>
internal sealed record TimeFigures
{
    /// <summary>The arithmetic mean, to the nearest day or microsecond. Absent without values.</summary>
    public string? Mean { get; init; }

    /// <summary>The quartiles and four percentiles. Absent without values.</summary>
    public QuantileFigures<string>? Quantiles { get; init; }

    /// <summary>How many values are in which range. Absent without values.</summary>
    public Histogram<string, string>? Histogram { get; init; }

    /// <summary>The values that are later than the profile's beginning. Absent for times of day and intervals, and without values.</summary>
    public FutureFigure? Future { get; init; }

    /// <summary>The number of values that are <c>infinity</c>.</summary>
    public long Infinity { get; init; }

    /// <summary>The number of values that are <c>-infinity</c>.</summary>
    public long MinusInfinity { get; init; }
}

/// <summary>Statistics of booleans.</summary>
/// <param name="True">The number of true values.</param>
/// <param name="False">The number of false values.</param>
internal sealed record BooleanFigures(long True, long False);

/// <summary>Statistics of lengths: characters as PostgreSQL's <c>length()</c> counts them, or bytes of bytea.</summary>
/// <param name="Min">The minimum length.</param>
/// <param name="Max">The maximum length.</param>
/// <param name="Mean">The mean length.</param>
internal sealed record LengthFigures(long Min, long Max, double Mean);

/// <summary>Texts without content, or with white space around it, as Unicode defines white space.</summary>
/// <param name="Empty">The number of texts of no character.</param>
/// <param name="Blank">The number of texts of white space alone.</param>
/// <param name="Untrimmed">The number of texts with white space before or after other characters.</param>
internal sealed record SpaceFigures(long Empty, long Blank, long Untrimmed);

/// <summary>The kind of a column's texts, by their form.</summary>
/// <param name="Name">date, timestamp, number, boolean, uuid, email, url or ipv4.</param>
/// <param name="Share">The share of texts of the kind, at least 0.9.</param>
/// <param name="Exact">Whether the share is of all texts. If not, it is of a random sample of the distinct ones.</param>
/// <param name="Method">counted-values or sampled-values.</param>
/// <param name="ShareError">The standard error of the share, at most. 0 if exact.</param>
/// <param name="Of">The number of texts that the share is of.</param>
internal sealed record KindFigure(string Name, double Share, bool Exact, string Method, double ShareError, long Of);

/// <summary>The most frequent shapes of texts: A for a capital letter, a for another letter, 9 for a digit, other characters as they are.</summary>
/// <param name="Exact">Whether the counts are of all texts. If not, they are of a random sample of the distinct ones, each counted once.</param>
/// <param name="Method">counted-values or sampled-values.</param>
/// <param name="ShareError">The standard error of a share of the distinct texts, at most. 0 if exact.</param>
/// <param name="Of">The number of texts that the counts are of.</param>
/// <param name="Distinct">The number of different shapes among them.</param>
/// <param name="Values">The ten most frequent shapes, most frequent first. Equally frequent ones are in the order of their characters.</param>
/// <param name="Others">The number of texts of other shapes.</param>
/// <param name="Without">The number of texts of more than 64 characters, which have no shape.</param>
internal sealed record ShapeFigures(
    bool Exact, string Method, double ShareError, long Of, int Distinct, IReadOnlyList<ShapeCount> Values, long Others, long Without);

/// <summary>A shape and how often it occurs.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Count">The number of its texts.</param>
internal sealed record ShapeCount(string Shape, long Count);

/// <summary>The most frequent values.</summary>
/// <param name="Exact">Whether every distinct value had its own counter, so that these are the most frequent ones with their exact counts.</param>
/// <param name="Method">counters or frequent-items.</param>
/// <param name="CountError">The maximum number by which any count is too low. A value without a counter may occur up to this often. 0 if exact.</param>
/// <param name="Values">The values, most frequent first. Equally frequent ones are in their own order.</param>
internal sealed record TopFigures(bool Exact, string Method, long CountError, IReadOnlyList<TopValue> Values);

/// <summary>A frequent value.</summary>
/// <param name="Value">The value as PostgreSQL prints it, or its beginning if it is shortened.</param>
/// <param name="Count">The minimum number of its occurrences.</param>
/// <param name="Shortened">Whether only the first 256 bytes or fewer are shown.</param>
internal sealed record TopValue(string Value, long Count, bool Shortened)
{
    /// <summary>The value occurs at most this much more often than its count. Absent if the figures are exact.</summary>
    public long? CountError { get; init; }

    /// <summary>False if the errors do not prove that the value is among the most frequent ones. Absent otherwise.</summary>
    public bool? Certain { get; init; }
}
