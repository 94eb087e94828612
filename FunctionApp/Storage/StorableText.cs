namespace Slowlane.Storage;

/// <summary>Text that came from outside, for PostgreSQL, whose text has no NUL: what is to be told must not fail by it.</summary>
internal static class StorableText
{
    public static string Of(string text) => text.Replace('\0', '\uFFFD');
}
