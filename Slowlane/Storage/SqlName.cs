namespace Slowlane.Storage;

/// <summary>Names in SQL. Pure.</summary>
internal static class SqlName
{
    /// <summary>The name in quotes. Without them it may be a reserved word.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
