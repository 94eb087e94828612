using System.ComponentModel;
using System.Diagnostics;

namespace Slowlane.Bench.Facts;

/// <summary>Asks other programs.</summary>
internal static class ProgramOutput
{
    /// <summary>What a program prints; null when there is no such program, or when it fails.</summary>
    public static async Task<string?> ReadAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            await using var end = cancellationToken.Register(process.Kill);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken); // Read beside the output: a full pipe would hold the program.
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await errors;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
