using System.Text;

namespace Slowlane.Storage;

/// <summary>Text that came from outside, for PostgreSQL, whose text has no NUL and is UTF-8, which has no half of a surrogate pair: what is to be told must not fail by it.</summary>
internal static class StorableText
{
    public static string Of(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
