using System.Buffers;
using System.Text.Json;
using Slowlane.Telemetry;

namespace Slowlane.Jobs;

/// <summary>
/// A job as a queue message carries it. The message of a submit carries the input or names the blob that holds it. A wake-up carries
/// neither, because the job's row has them.
/// </summary>
/// <remarks>
/// Version 1: <c>{"v":1,"id":"…","type":"…","trace":"…","input":{…}}</c>, <c>"blob"</c> instead of <c>"input"</c>, or neither.
/// The <c>"trace"</c> (<see cref="JobTrace"/>) may be missing. A worker version that does not know it ignores it.
/// </remarks>
internal sealed record Envelope(JobId Id, string Type, string? Input, string? Blob, string? Trace = null)
{
    /// <summary>The maximum size of a message. A storage queue message holds 64 KiB, and Base64 leaves three quarters of that.</summary>
    public const int MaxBytes = 48 * 1024;

    public const int Version = 1;

    public bool IsWakeUp => Input is null && Blob is null;

    public static BinaryData WithInput(JobId id, string type, ReadOnlySpan<byte> input, string? trace = null) => Write(id, type, input, null, trace);

    public static BinaryData WithBlob(JobId id, string type, string blob, string? trace = null) => Write(id, type, default, blob, trace);

    public static BinaryData WakeUp(JobId id, string type) => Write(id, type, default, null, trace: null);

    /// <summary>Reads a message of version 1.</summary>
    public static Envelope Read(JsonElement root) => Read(root, TypeOf(root));

    /// <summary>Reads a job of the given type.</summary>
    public static Envelope Read(JsonElement root, string type)
    {
        var id = JobId.TryParse(root.GetProperty("id").GetString(), out var parsed)
            ? parsed
            : throw new FormatException("The message's id is not a job id.");
        return new Envelope(
            id,
            type,
            root.TryGetProperty("input", out var input) ? input.GetRawText() : null,
            root.TryGetProperty("blob", out var blob) ? blob.GetString() : null,
            root.TryGetProperty("trace", out var trace) && trace.ValueKind is JsonValueKind.String ? JobTrace.Checked(trace.GetString()) : null);
    }

    public static string TypeOf(JsonElement root) => root.GetProperty("type").GetString() ?? throw new FormatException("The message has no job type.");

    private static BinaryData Write(JobId id, string type, ReadOnlySpan<byte> input, string? blob, string? trace)
    {
        var buffer = new ArrayBufferWriter<byte>(128 + input.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Span<byte> text = stackalloc byte[JobId.TextLength];
            id.Format(text);
            writer.WriteStartObject();
            writer.WriteNumber("v", Version);
            writer.WriteString("id", text);
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
                writer.WriteRawValue(input, skipInputValidation: true); // The input was parsed at submit.
            }

            writer.WriteEndObject();
        }

        return new BinaryData(buffer.WrittenMemory);
    }
}
