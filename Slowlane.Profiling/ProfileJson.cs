using System.Text.Json.Serialization;

namespace Slowlane.Profiling;

/// <summary>The report's JSON: camelCase, without what is absent.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProfileReport))]
internal sealed partial class ProfileJson : JsonSerializerContext;
