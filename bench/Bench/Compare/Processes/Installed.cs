using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Facts;

namespace Slowlane.Bench.Compare.Processes;

/// <summary>Finds what a peer needs and this machine has not.</summary>
internal static class Installed
{
    /// <summary>The missing packages of a variant, by Debian's names.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(Variant variant)
    {
        var programs = variant.Programs.Where(program => !OnPath(program.Key)).Select(program => program.Value);
        if (variant.Modules.Count == 0)
        {
            return [.. programs];
        }

        var script = $"import importlib.util as u; print(*[m for m in '{string.Join(' ', variant.Modules.Keys)}'.split() if u.find_spec(m) is None])";
        var missing = await ProgramOutput.ReadAsync(Variants.Python, ["-c", script], CancellationToken.None);
        return missing is null
            ? ["python3", .. programs]
            : [.. missing.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(module => variant.Modules[module]), .. programs];
    }

    private static bool OnPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
