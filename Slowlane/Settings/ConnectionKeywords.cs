using Npgsql;

namespace Slowlane.Settings;

/// <summary>Tells what a connection string sets from what has its default.</summary>
internal static class ConnectionKeywords
{
    /// <summary>Whether the string sets the keyword, by whichever of its names.</summary>
    /// <remarks><c>ContainsKey</c> does not tell: it is true for every keyword that Npgsql knows.</remarks>
    public static bool Sets(this NpgsqlConnectionStringBuilder builder, string keyword) => builder.Keys.Contains(keyword, StringComparer.OrdinalIgnoreCase);
}
