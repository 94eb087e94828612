using System.Globalization;

namespace Slowlane.LocalHost.Settings;

/// <summary>The number of files that the host and its workers may each open. Below it .NET finds parts of an app missing, and does not say why.</summary>
internal static class OpenFileLimit
{
    /// <summary>A worker starts with 384. The rest is for connections.</summary>
    public const long Least = 512;

    private const string Name = "Max open files";
    private const string OfThisProcess = "/proc/self/limits";

    /// <exception cref="CannotStartException">The limit is too low.</exception>
    public static void Require()
    {
        if (File.Exists(OfThisProcess) && Fault(File.ReadLines(OfThisProcess)) is { } fault)
        {
            throw new CannotStartException(fault);
        }
    }

    /// <summary>What is wrong with the limits that Linux lists; null if nothing is. Pure.</summary>
    public static string? Fault(IEnumerable<string> limits)
        => limits.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) is { } line
            && line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
            && long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) && limit < Least
            ? string.Create(CultureInfo.InvariantCulture, $"A process may open {limit} files, and the host and its workers need {Least} each: run ulimit -n 1024, and start LocalHost again.")
            : null;
}
