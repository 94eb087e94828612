namespace Slowlane.LocalHost.Processes;

/// <summary>What would lead the workers' own HTTP servers away from where the Functions SDK has them listen.</summary>
internal static class KestrelSettings
{
    private static readonly string[] Starts = ["Kestrel:", "ASPNETCORE_Kestrel:", "DOTNET_Kestrel:", "AZURE_FUNCTIONS_Kestrel:"];

    /// <summary>The platform hands such a setting on, and no request finds the function then: better not to start.</summary>
    /// <exception cref="CannotStartException">There is one.</exception>
    public static void Refuse(IEnumerable<string> names)
    {
        if (names.FirstOrDefault(static name => Starts.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase))) is { } found)
        {
            throw CannotStartException.Usage(
                $"The setting {found.Replace(":", "__", StringComparison.Ordinal)} would have the workers' HTTP servers listen elsewhere than the host asks them to, here as on Azure: unset it in the environment, and remove it from {LocalSettings.FileName}.");
        }
    }
}
