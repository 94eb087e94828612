using System.Globalization;
using System.Text.Json;
using NpgsqlTypes;

namespace Slowlane.LocalHost.Services;

/// <summary>A column of sample data: its name in the file, its SQL type, and the conversion of its values.</summary>
internal sealed record SampleColumn(string Source, string SqlType, NpgsqlDbType Type, Func<JsonElement, object> Read)
{
#pragma warning disable CA1308 // Column names are lower case here, whatever the file has.
    public string Name { get; } = Source.Replace(' ', '_').ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>A text column. Some titles are numbers in the file and become text.</summary>
    public static SampleColumn Text(string source) => new(source, "text", NpgsqlDbType.Text, value => value.ToString());

    public static SampleColumn Integer(string source) => new(source, "integer", NpgsqlDbType.Integer, value => value.GetInt32());

    public static SampleColumn BigInteger(string source) => new(source, "bigint", NpgsqlDbType.Bigint, value => value.GetInt64());

    public static SampleColumn Numeric(string source) => new(source, "numeric", NpgsqlDbType.Numeric, value => value.GetDecimal());

    public static SampleColumn Date(string source, string format)
        => new(source, "date", NpgsqlDbType.Date, value => DateOnly.ParseExact(value.GetString()!, format, CultureInfo.InvariantCulture));

    public static SampleColumn Timestamp(string source, string format)
        => new(source, "timestamp", NpgsqlDbType.Timestamp, value => DateTime.ParseExact(value.GetString()!, format, CultureInfo.InvariantCulture));
}

/// <summary>A table of sample data and its file.</summary>
internal sealed record SampleTable(string Name, string File, IReadOnlyList<SampleColumn> Columns)
{
    public static IReadOnlyList<SampleTable> All { get; } =
    [
        new("movies", "movies.json",
        [
            SampleColumn.Text("Title"),
            SampleColumn.BigInteger("US Gross"),
            SampleColumn.BigInteger("Worldwide Gross"),
            SampleColumn.BigInteger("US DVD Sales"),
            SampleColumn.BigInteger("Production Budget"),
            SampleColumn.Date("Release Date", "MMM dd yyyy"),
            SampleColumn.Text("MPAA Rating"),
            SampleColumn.Integer("Running Time min"),
            SampleColumn.Text("Distributor"),
            SampleColumn.Text("Source"),
            SampleColumn.Text("Major Genre"),
            SampleColumn.Text("Creative Type"),
            SampleColumn.Text("Director"),
            SampleColumn.Integer("Rotten Tomatoes Rating"),
            SampleColumn.Numeric("IMDB Rating"),
            SampleColumn.Integer("IMDB Votes"),
        ]),
        new("flights", "flights-20k.json",
        [
            SampleColumn.Timestamp("date", "yyyy/MM/dd HH:mm"),
            SampleColumn.Integer("delay"),
            SampleColumn.Integer("distance"),
            SampleColumn.Text("origin"),
            SampleColumn.Text("destination"),
        ]),
    ];
}
