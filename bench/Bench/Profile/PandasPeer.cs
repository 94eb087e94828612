using System.Globalization;
using System.Text.Json;
using Slowlane.Bench.Facts;

namespace Slowlane.Bench.Profile;

/// <summary>pandas, as Debian has it, in a process of its own and with a bound on its memory.</summary>
internal static class PandasPeer
{
    private const string Python = "/usr/bin/python3";
    private const long Most = 12L << 30;
    private const long LeaveFree = 2L << 30;

    /// <summary>Its version, or null when it is missing.</summary>
    public static Task<string?> VersionAsync(CancellationToken cancellationToken)
        => SaysAsync(["-c", "import pandas, psycopg2, platform; print('pandas', pandas.__version__ + ',', 'Python', platform.python_version() + ',', 'psycopg2', psycopg2.__version__.split()[0])"], cancellationToken);

    /// <summary>What it took, or a sentence in <c>failed</c>.</summary>
    public static async Task<JsonElement> RunAsync(string databaseUri, CancellationToken cancellationToken)
    {
        var limit = Math.Min(Most, ProcFile.Bytes("/proc/meminfo", "MemAvailable:") - LeaveFree);
        var script = Path.Combine(AppContext.BaseDirectory, "Profile", "describe.py");
        var answer = await SaysAsync([script, databaseUri, WideTable.Name, limit.ToString(CultureInfo.InvariantCulture)], cancellationToken)
            ?? $$"""{"failed":"ended without an answer, with at most {{limit >> 30}} GiB"}""";
        return JsonSerializer.Deserialize<JsonElement>(answer);
    }

    private static Task<string?> SaysAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) => ProgramOutput.ReadAsync(Python, arguments, cancellationToken);
}
