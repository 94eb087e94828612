using System.Text;

namespace Slowlane.Storage;

/// <summary>
/// Makes text from outside storable in PostgreSQL, whose text is UTF-8 without NUL or half a surrogate pair. Such a character
/// must not keep a message from being recorded.
/// </summary>
internal static class StorableText
{
    public static string Of(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
