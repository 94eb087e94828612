using System.Buffers.Text;
using System.Text;

namespace Slowlane.Jobs;

/// <summary>Decodes the text of a queue message: Base64, as the app sends it, or plain text.</summary>
/// <remarks>
/// The app decodes the message instead of its host (<c>messageEncoding</c> is <c>none</c> in host.json). A host moves a message that it can't
/// decode to the poison queue. It can't decode the message there either, so no function would see it, and it would be gone after seven days.
/// </remarks>
internal static class MessageText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The decoded text, or the message itself if it is not Base64 of valid UTF-8. An envelope in plain text is never valid Base64, because it
    /// begins with a brace.
    /// </summary>
    public static string Of(string message)
    {
        if (!Base64.IsValid(message))
        {
            return message;
        }

        try
        {
            return Strict.GetString(Convert.FromBase64String(message));
        }
        catch (DecoderFallbackException)
        {
            return message;
        }
    }
}
