using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>The job that an idempotency key stands for, and when and with which input (its SHA-256) it was first used.</summary>
internal sealed record IdempotencyRecord(JobId Id, string Input, DateTimeOffset At)
{
    public static IdempotencyRecord Of(JobId id, byte[] input, DateTimeOffset at) => new(id, Convert.ToHexStringLower(SHA256.HashData(input)), at);

    /// <summary>Reads a record; null when it is none of ours.</summary>
    public static IdempotencyRecord? Parse(BinaryData content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, KeyJson.Default.KeyDocument) is { Input: { } input } document && JobId.TryParse(document.Job, out var id)
                ? new IdempotencyRecord(id, input, document.At)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether it holds its key for so long. One from the future, by a clock that runs ahead, does.</summary>
    public bool Holds(DateTimeOffset now, TimeSpan kept) => now - At < kept;

    public BinaryData ToContent() => new(JsonSerializer.SerializeToUtf8Bytes(new KeyDocument(Id.ToString(), Input, At), KeyJson.Default.KeyDocument));
}

/// <summary>What stands in the blob.</summary>
internal sealed record KeyDocument(string? Job, string? Input, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyDocument))]
internal sealed partial class KeyJson : JsonSerializerContext;
