namespace Slowlane.Settings;

/// <summary>The hosts of a connection: one, or several with commas between. Pure.</summary>
internal static class HostList
{
    /// <summary>The hosts; none if there is no text.</summary>
    public static string[] Of(string? hosts) => hosts?.Split(',', StringSplitOptions.TrimEntries) ?? [];
}
