using System.Text.Json.Serialization;

namespace Slowlane.LocalHost.Http;

/// <summary>The file of function keys.</summary>
internal sealed record KeyFile
{
    /// <summary>Opens everything.</summary>
    public required string Master { get; init; }

    /// <summary>By name: keys that open every function of level <c>Function</c>.</summary>
    public Dictionary<string, string> Host { get; init => field = value ?? []; } = []; // A file without it makes the generated reader set null.

    /// <summary>By function, then by name: keys that open that function alone.</summary>
    public Dictionary<string, Dictionary<string, string>> Functions { get; init => field = value ?? []; } = [];
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyFile))]
internal sealed partial class KeyFileJson : JsonSerializerContext;
