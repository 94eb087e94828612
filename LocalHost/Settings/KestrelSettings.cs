namespace Slowlane.LocalHost.Settings;

/// <summary>Refuses settings that make a worker's HTTP server listen elsewhere than where the Functions SDK expects it.</summary>
internal static class KestrelSettings
{
    private static readonly string[] Starts = ["Kestrel:", "ASPNETCORE_Kestrel:", "DOTNET_Kestrel:", "AZURE_FUNCTIONS_Kestrel:"];

    /// <summary>
    /// Refuses such a setting. The platform passes it on to the worker, and then no request reaches a function. A refused start is the better
    /// failure.
    /// </summary>
    /// <exception cref="CannotStartException">One of the names is such a setting.</exception>
    public static void Refuse(IEnumerable<string> names)
    {
        if (names.FirstOrDefault(static name => Starts.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))) is { } found)
        {
            throw CannotStartException.Usage(
                $"The setting {found.Replace(":", "__", StringComparison.Ordinal)} would have the workers' HTTP servers listen elsewhere than the host asks them to, here as on Azure: unset it in the environment, and remove it from {LocalSettings.FileName}.");
        }
    }
}
