namespace Slowlane.Profiling;

/// <summary>How many distinct values there are.</summary>
/// <param name="Value">The count, or its estimate.</param>
/// <param name="Exact">False when it is an estimate.</param>
/// <param name="Method">hash-set or hyperloglog.</param>
/// <param name="RelativeError">The standard error of the estimate, as a fraction; 0 when exact.</param>
internal sealed record DistinctFigure(long Value, bool Exact, string Method, double RelativeError);

/// <summary>Figures of numbers, computed in double precision; NaN, infinities and what is beyond double are counted apart.</summary>
internal sealed record NumberFigures
{
    /// <summary>The arithmetic mean; absent without values or when it lies beyond double.</summary>
    public double? Mean { get; init; }

    /// <summary>Of the sample (n − 1), as <c>stddev_samp</c>; absent below two values.</summary>
    public double? StandardDeviation { get; init; }

    /// <summary>Quartiles; absent without values.</summary>
    public QuartileFigures? Quartiles { get; init; }

    /// <summary>Equally wide bins from the least to the greatest value; absent without values.</summary>
    public Histogram<double>? Histogram { get; init; }

    /// <summary>NaN.</summary>
    public long NaN { get; init; }

    /// <summary>Positive infinity.</summary>
    public long Infinity { get; init; }

    /// <summary>Negative infinity.</summary>
    public long MinusInfinity { get; init; }

    /// <summary>Finite numbers of a magnitude no double has (over 1.8e308): in count, distinct, min and max, in no other figure.</summary>
    public long BeyondDouble { get; init; }
}

/// <summary>The quartiles.</summary>
/// <param name="Q1">A quarter of the values lies below.</param>
/// <param name="Median">Half of the values lies below.</param>
/// <param name="Q3">Three quarters of the values lie below.</param>
/// <param name="Exact">True: as <c>percentile_cont</c>, interpolated. False: a value of the column near the rank.</param>
/// <param name="Method">sorted-values or kll.</param>
/// <param name="RankError">How far a rank may be off at 99 % confidence, as a fraction of the count; 0 when exact.</param>
internal sealed record QuartileFigures(double Q1, double Median, double Q3, bool Exact, string Method, double RankError);

/// <summary>How many values lie in each of equally wide bins.</summary>
/// <typeparam name="T">How a bound is written.</typeparam>
/// <param name="Exact">True when every value was counted.</param>
/// <param name="Method">sorted-values or kll.</param>
/// <param name="CountError">How far a bin's count may be off at 99 % confidence, as a fraction of all values; 0 when exact.</param>
/// <param name="Bins">From the least to the greatest value.</param>
internal sealed record Histogram<T>(bool Exact, string Method, double CountError, IReadOnlyList<Bin<T>> Bins);

/// <summary>One bin of a histogram.</summary>
/// <typeparam name="T">How a bound is written.</typeparam>
/// <param name="From">The least value that counts here.</param>
/// <param name="To">What is less than this counts here; in the last bin, what is equal too.</param>
/// <param name="Count">How many.</param>
internal sealed record Bin<T>(T From, T To, long Count);

/// <summary>Figures of dates, times and intervals; infinities are counted apart.</summary>
internal sealed record TimeFigures
{
    /// <summary>Equally wide bins from the least to the greatest value; absent without values.</summary>
    public Histogram<string>? Histogram { get; init; }

    /// <summary>The value <c>infinity</c>.</summary>
    public long Infinity { get; init; }

    /// <summary>The value <c>-infinity</c>.</summary>
    public long MinusInfinity { get; init; }
}

/// <summary>Figures of booleans.</summary>
/// <param name="True">How many are true.</param>
/// <param name="False">How many are false.</param>
internal sealed record BooleanFigures(long True, long False);

/// <summary>Lengths: characters as PostgreSQL's <c>length()</c> counts them, or bytes of bytea.</summary>
/// <param name="Min">The shortest.</param>
/// <param name="Max">The longest.</param>
/// <param name="Mean">The mean.</param>
internal sealed record LengthFigures(long Min, long Max, double Mean);

/// <summary>The most frequent values.</summary>
/// <param name="Exact">True when every distinct value had a counter of its own.</param>
/// <param name="Method">counters or frequent-items.</param>
/// <param name="CountError">A true count lies from the stated one to this much above it; a value not listed may occur this often too. 0 when exact.</param>
/// <param name="Values">The most frequent first.</param>
internal sealed record TopFigures(bool Exact, string Method, long CountError, IReadOnlyList<TopValue> Values);

/// <summary>A frequent value.</summary>
/// <param name="Value">The text; its beginning when shortened.</param>
/// <param name="Count">How often it occurs, at least.</param>
/// <param name="Shortened">True when only the first 256 bytes or fewer are shown.</param>
internal sealed record TopValue(string Value, long Count, bool Shortened);
