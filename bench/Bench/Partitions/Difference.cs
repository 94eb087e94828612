using System.Globalization;
using System.Text.Json;

namespace Slowlane.Bench.Partitions;

/// <summary>Where two profiles of one table differ: exact figures at all, estimates by more than both state. Pure.</summary>
internal static class Difference
{
    // When, and how: not what is in the table. A stream of COPY has a head and an end, so parts have more bytes.
    private static readonly HashSet<string> OfTheRun = new(StringComparer.Ordinal) { "partitions", "snapshot", "startedAt", "finishedAt", "bytesRead" };

    // Samples of the same stated error, or bounds that hold for each: docs/profile.md.
    private static readonly HashSet<string> Estimates = new(StringComparer.Ordinal) { "quantiles", "outliers", "histogram", "top" };

    public static IEnumerable<string> Of(string plain, string parts)
    {
        using var one = JsonDocument.Parse(plain);
        using var other = JsonDocument.Parse(parts);
        return [.. Of("", one.RootElement, other.RootElement)];
    }

    private static IEnumerable<string> Of(string path, JsonElement one, JsonElement other) => (one.ValueKind, other.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => one.EnumerateObject().Select(property => property.Name).Union(other.EnumerateObject().Select(property => property.Name), StringComparer.Ordinal)
            .Where(name => !OfTheRun.Contains(name) && !(Estimates.Contains(name) && IsEstimate(one, name)))
            .SelectMany(name => Of($"{path}/{name}", Member(one, name), Member(other, name))),
        (JsonValueKind.Array, JsonValueKind.Array) when one.GetArrayLength() == other.GetArrayLength() => one.EnumerateArray().Zip(other.EnumerateArray())
            .SelectMany((pair, index) => Of(string.Create(CultureInfo.InvariantCulture, $"{path}/{index}"), pair.First, pair.Second)),
        _ => string.Equals(Raw(one), Raw(other), StringComparison.Ordinal) ? [] : [$"{path} is {Raw(one)} in one pass and {Raw(other)} in parts"],
    };

    private static bool IsEstimate(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.Object } figure && Member(figure, "exact").ValueKind != JsonValueKind.True;

    private static JsonElement Member(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value : default;

    private static string Raw(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "nothing" : value.GetRawText();
}
