using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>The job of an idempotency key, with the SHA-256 of the input and the time of the key's first use.</summary>
internal sealed record IdempotencyRecord(JobId Id, string Input, DateTimeOffset At)
{
    public static IdempotencyRecord Of(JobId id, byte[] input, DateTimeOffset at) => new(id, Convert.ToHexStringLower(SHA256.HashData(input)), at);

    /// <summary>Reads a record. Returns null if the content is not such a record.</summary>
    public static IdempotencyRecord? Parse(BinaryData content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, IdempotencyJson.Default.IdempotencyDocument) is { Input: { } input } document && JobId.TryParse(document.Job, out var id)
                ? new IdempotencyRecord(id, input, document.At)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the record still holds its key. A record from the future, written by a clock that runs ahead, holds it.</summary>
    public bool Holds(DateTimeOffset now, TimeSpan kept) => now - At < kept;

    public BinaryData ToContent() => new(JsonSerializer.SerializeToUtf8Bytes(new IdempotencyDocument(Id.ToString(), Input, At), IdempotencyJson.Default.IdempotencyDocument));
}

/// <summary>The content of the blob.</summary>
internal sealed record IdempotencyDocument(string? Job, string? Input, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IdempotencyDocument))]
internal sealed partial class IdempotencyJson : JsonSerializerContext;
