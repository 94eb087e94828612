using System.Text.Json;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>An environment as it is deployed.</summary>
/// <param name="Diagnostics">What the compiler had to say.</param>
/// <param name="Template">The template in Azure's own language.</param>
/// <param name="Parameters">What the environment's parameter file gives it, by name.</param>
/// <param name="Snapshot">The resources that both make: loops unrolled, conditions decided, names known. What only Azure knows stays an expression.</param>
internal sealed record CompiledEnvironment(string Diagnostics, JsonElement Template, JsonElement Parameters, JsonElement Snapshot)
{
    public IReadOnlyList<JsonElement> Resources { get; } = [.. Snapshot.GetProperty("predictedResources").EnumerateArray()];

    public JsonElement Parameter(string name) => Parameters.GetProperty(name).GetProperty("value");

    public List<JsonElement> Of(string type) => [.. Resources.Where(resource => string.Equals(resource.Text("type"), type, StringComparison.Ordinal))];

    public JsonElement The(string type) => Assert.Single(Of(type));
}

/// <summary>Reads compiled JSON by paths.</summary>
internal static class JsonPaths
{
    /// <summary>What is at a path such as <c>properties.runtime.name</c>.</summary>
    public static JsonElement At(this JsonElement element, string path) => path.Split('.').Aggregate(element, (inner, name) => inner.GetProperty(name));

    public static string Text(this JsonElement element, string path) => element.At(path).GetString()!;

    /// <summary>The last part of a resource's name: what it is called below its parent.</summary>
    public static string OwnName(this JsonElement resource) => resource.Text("name").Split('/')[^1];

    public static List<string> Texts(this JsonElement element, string path) => [.. element.At(path).EnumerateArray().Select(item => item.GetString()!)];
}
