using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slowlane.Jobs;

/// <summary>A posted value without its caller's layout, always written in the same way: an idempotency key tells by it whether a body came before.</summary>
internal static partial class CompactJson
{
    /// <summary>What a caller is told where <see cref="Of"/> has none.</summary>
    public const string NoText = "The input has a text with a lone surrogate; send text that is valid Unicode.";

    // Text that writing anew would leave as it is: no layout, and nothing that is escaped, or can be escaped in two ways.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "!\"#$%()*,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>The value; null when some text in it has a lone surrogate, and so is no text.</summary>
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
