using System.Buffers.Text;
using System.Text;

namespace Slowlane.Jobs;

/// <summary>What a queue message says, in Base64 as the app sends it, or plain.</summary>
/// <remarks>
/// The app decodes, and not its host (<c>messageEncoding</c> is <c>none</c> in host.json). A host moves what it can't decode to the
/// poison queue, where it can't decode it again: no function would see it, and after seven days it would be gone.
/// </remarks>
internal static class MessageText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text in the message; the message itself when it is not the Base64 of any. An envelope never is: it begins with a brace.</summary>
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
