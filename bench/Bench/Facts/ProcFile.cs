using System.Globalization;

namespace Slowlane.Bench.Facts;

/// <summary>Files of Linux that have a field a line.</summary>
internal static class ProcFile
{
    /// <summary>The value of a field; null when there is none.</summary>
    public static string? Field(string file, string name, char separator = ':')
        => File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim()
            : null;

    /// <summary>The value in bytes of a field that is in kB.</summary>
    public static long Bytes(string file, string name) => 1024 * long.Parse(Field(file, name)!.Split(' ')[0], CultureInfo.InvariantCulture);
}
