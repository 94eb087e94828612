using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Facts;

namespace Slowlane.Bench.Compare.Report;

/// <summary>The versions of what the peers stand on; of nothing that is missing.</summary>
internal static class PeerFacts
{
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(CancellationToken cancellationToken)
    {
        string[] names = [.. Variants.All.SelectMany(variant => variant.Modules.Keys).Append("uvloop").Distinct(StringComparer.Ordinal)];
        var script = $$"""
            import importlib.metadata as m, platform
            print('Python ' + platform.python_version())
            for n in '{{string.Join(' ', names)}}'.split():
                try: print(n, m.version(n))
                except m.PackageNotFoundError: pass
            """;
        var python = await ProgramOutput.ReadAsync(Variants.Python, ["-c", script], cancellationToken);
        var redis = await ProgramOutput.ReadAsync("redis-server", ["--version"], cancellationToken);
        (string Name, string? Value)[] facts =
        [
            ("Python", python?.Replace("\n", ", ", StringComparison.Ordinal).Replace("Python ", "", StringComparison.Ordinal)),
            ("Redis", redis?.Split(' ').FirstOrDefault(word => word.StartsWith("v=", StringComparison.Ordinal))?[2..] ?? redis),
        ];
        return [.. facts.Where(fact => fact.Value is not null).Select(fact => KeyValuePair.Create(fact.Name, fact.Value!))];
    }
}
