using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Options;

namespace Slowlane.LocalHost.Durable;

/// <summary>JSON as the official worker's serializer writes it: names as declared, read whatever their case, with the app's options.</summary>
internal sealed class JsonConverter(IOptions<JsonSerializerOptions> options) : DataConverter
{
    [return: NotNullIfNotNull(nameof(value))]
    public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), options.Value);

    [return: NotNullIfNotNull(nameof(data))]
    public override object? Deserialize(string? data, Type targetType) => data is null ? null : JsonSerializer.Deserialize(data, targetType, options.Value)!;
}
