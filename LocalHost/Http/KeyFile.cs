using System.Text.Json.Serialization;

namespace Slowlane.LocalHost.Http;

/// <summary>The file of function keys.</summary>
internal sealed record KeyFile
{
    /// <summary>The key that allows everything.</summary>
    public required string Master { get; init; }

    /// <summary>Keys by name that allow every function of level <c>Function</c>.</summary>
    public Dictionary<string, string> Host { get; init => field = value ?? []; } = []; // If the file has no value, the generated reader sets null.

    /// <summary>Keys by function and name. Each allows only that function.</summary>
    public Dictionary<string, Dictionary<string, string>> Functions { get; init => field = value ?? []; } = [];
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyFile))]
internal sealed partial class KeyFileJson : JsonSerializerContext;
