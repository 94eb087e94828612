using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slowlane.Jobs;

/// <summary>
/// Writes a posted value without the caller's layout, always in the same form. An idempotency key compares this form
/// to detect that a request's body is the same as before.
/// </summary>
internal static partial class CompactJson
{
    /// <summary>The error that a caller reads if <see cref="Of"/> returns null.</summary>
    public const string NoText = "The input has a text with a lone surrogate; send text that is valid Unicode.";

    // Bytes that the JSON writer keeps as they are: no layout, and no character that it escapes or could escape in two ways.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "!\"#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>The compact form of the value, or null if a string in it has a lone surrogate and is therefore not valid Unicode.</summary>
    public static byte[]? Of(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.IndexOfAnyExcept(Plain) < 0)
        {
            return raw.ToArray();
        }

        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(value, ValueJson.Default.JsonElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSerializable(typeof(JsonElement))]
    private sealed partial class ValueJson : JsonSerializerContext;
}
