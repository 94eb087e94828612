using System.Text.Json;
using System.Text.Json.Serialization;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Drift;

/// <summary>An earlier profile of the same table, as <c>slowlane.profile_baseline</c> returns it.</summary>
internal sealed record Baseline
{
    /// <summary>The id of its job, as PostgreSQL has it.</summary>
    public Guid Job { get; init; }

    /// <summary>The id, as callers have it.</summary>
    [JsonIgnore]
    public string Id => JobId.FromRow(Job).ToString();

    /// <summary>When its reading ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The number of its rows.</summary>
    public long RowCount { get; init; }

    /// <summary>The columns of the table that it left out. Null if that is not known.</summary>
    public IReadOnlyList<string>? OtherColumns { get; init; }

    /// <summary>Its columns.</summary>
    public IReadOnlyList<BaselineColumn> Columns { get; init; } = [];
}

/// <summary>A column of an earlier profile.</summary>
internal sealed record BaselineColumn
{
    public string Name { get; init; } = "";

    public string Type { get; init; } = "";

    public long Count { get; init; }

    public long Nulls { get; init; }

    public long Distinct { get; init; }

    public bool DistinctExact { get; init; }

    /// <summary>Its distribution, as JSON: a profile of an older version may have other members, or lack some.</summary>
    public JsonElement Figures { get; init; }
}

/// <summary>The distribution of a column of an earlier profile. Any member may be missing.</summary>
internal sealed record BaselineFigures
{
    public BaselineHistogram? Histogram { get; init; }

    /// <summary>The members of <see cref="QuantileFigures{T}"/>.</summary>
    public Dictionary<string, JsonElement>? Quantiles { get; init; }

    public BooleanFigures? Booleans { get; init; }

    public BaselineTop? Top { get; init; }

    /// <summary>Null if they are of a format that this version doesn't know.</summary>
    public static BaselineFigures? Of(BaselineColumn column)
    {
        try
        {
            return column.Figures.ValueKind == JsonValueKind.Object ? column.Figures.Deserialize(BaselineJson.Read.BaselineFigures) : new BaselineFigures();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A histogram of numbers or times.</summary>
internal sealed record BaselineHistogram(double CountError, JsonElement? BinWidth, IReadOnlyList<BaselineBin>? Bins);

/// <summary>A bin. Its bounds are numbers or texts.</summary>
internal sealed record BaselineBin(JsonElement From, JsonElement To, long Count);

/// <summary>The most frequent values.</summary>
internal sealed record BaselineTop(bool Exact, IReadOnlyList<BaselineValue>? Values);

/// <summary>A frequent value.</summary>
internal sealed record BaselineValue(string? Value, long Count, bool Shortened);

/// <summary>What the database returns: the profile, and what the job of the given id is.</summary>
internal sealed record BaselineAnswer(Baseline? Profile, BaselineJob? Other);

/// <summary>A job that was named as a baseline.</summary>
/// <param name="Type">The type of the job.</param>
/// <param name="Status">Its status.</param>
/// <param name="Kind">The kind of what it profiled. Null if it has written no profile.</param>
/// <param name="Table">The table that it profiled.</param>
internal sealed record BaselineJob(string Type, string Status, string? Kind, string? Table);

/// <summary>The JSON of a baseline.</summary>
[JsonSerializable(typeof(BaselineAnswer))]
[JsonSerializable(typeof(Baseline))]
[JsonSerializable(typeof(BaselineFigures))]
internal sealed partial class BaselineJson : JsonSerializerContext
{
    /// <summary>The only instance to use: <see cref="Default"/> has other options.</summary>
    public static BaselineJson Read { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase });
}
