using System.Buffers;
using System.Text.Json;
using Slowlane.Telemetry;

namespace Slowlane.Jobs;

/// <summary>
/// What a queue message says. A submit carries the input or names the blob that holds it; a wake-up carries neither,
/// because the job's row has them.
/// </summary>
/// <remarks>
/// Version 1: <c>{"v":1,"id":"…","type":"…","trace":"…","input":{…}}</c>, <c>"blob"</c> instead of <c>"input"</c>, or neither.
/// The <c>"trace"</c> (<see cref="JobTrace"/>) may be missing; a version that doesn't know it reads past it.
/// </remarks>
internal sealed record Envelope(JobId Id, string Type, string? Input, string? Blob, string? Trace = null)
{
    /// <summary>A storage queue message holds 64 KiB; Base64 leaves three quarters of it.</summary>
    public const int MaxBytes = 48 * 1024;

    private const int Version = 1;

    // An input may be nested as deep as a parser goes by itself, 64; the envelope adds its own level.
    private static readonly JsonDocumentOptions Deeper = new() { MaxDepth = 65 };

    public bool IsWakeUp => Input is null && Blob is null;

    public static BinaryData WithInput(JobId id, string type, ReadOnlySpan<byte> input, string? trace = null) => Write(id, type, input, null, trace);

    public static BinaryData WithBlob(JobId id, string type, string blob, string? trace = null) => Write(id, type, default, blob, trace);

    public static BinaryData WakeUp(JobId id, string type) => Write(id, type, default, null, trace: null);

    /// <summary>Reads a message.</summary>
    /// <exception cref="FormatException">The message is not one of ours; says why.</exception>
    public static Envelope Read(string message)
    {
        try
        {
            using var document = JsonDocument.Parse(message, Deeper);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"The message is not a job envelope: {e.Message}", e);
        }
    }

    private static Envelope Read(JsonElement root)
    {
        var version = root.GetProperty("v").GetInt32();
        if (version != Version)
        {
            throw new FormatException($"The message has envelope version {version}; this worker reads version {Version}. Upgrade the workers, then replay it.");
        }

        var id = JobId.TryParse(root.GetProperty("id").GetString(), out var parsed)
            ? parsed
            : throw new FormatException("The message's id is not a job id.");
        var type = root.GetProperty("type").GetString() ?? throw new FormatException("The message has no job type.");
        return new Envelope(
            id,
            type,
            root.TryGetProperty("input", out var input) ? input.GetRawText() : null,
            root.TryGetProperty("blob", out var blob) ? blob.GetString() : null,
            root.TryGetProperty("trace", out var trace) && trace.ValueKind is JsonValueKind.String ? JobTrace.Checked(trace.GetString()) : null);
    }

    private static BinaryData Write(JobId id, string type, ReadOnlySpan<byte> input, string? blob, string? trace)
    {
        var buffer = new ArrayBufferWriter<byte>(128 + input.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", Version);
            writer.WriteString("id", id.ToString());
            writer.WriteString("type", type);
            if (trace is not null)
            {
                writer.WriteString("trace", trace);
            }

            if (blob is not null)
            {
                writer.WriteString("blob", blob);
            }
            else if (!input.IsEmpty)
            {
                writer.WritePropertyName("input");
                writer.WriteRawValue(input, skipInputValidation: true); // Parsed at submit.
            }

            writer.WriteEndObject();
        }

        return new BinaryData(buffer.WrittenMemory);
    }
}
